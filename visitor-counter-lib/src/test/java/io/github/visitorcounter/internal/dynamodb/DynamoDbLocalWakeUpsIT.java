package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.broadcast.lease.WakeUpsContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store of wake-ups on Amazon's DynamoDB Local. */
class DynamoDbLocalWakeUpsIT extends WakeUpsContract {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    @Override
    protected WakeUps wakeUps() {
        return new DynamoDbWakeUps(TABLES.client(), Tables.COUNTS.name());
    }
}
