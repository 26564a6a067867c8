package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lease store on Amazon's DynamoDB Local. */
class DynamoDbLocalLeaseStoreIT extends LeaseStoreContract {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    @Override
    protected LeaseStore leases() {
        return new DynamoDbLeaseStore(TABLES.client(), Tables.COUNTS.name());
    }
}
