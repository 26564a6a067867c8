package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.broadcast.lease.WakeUpsContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The store of wake-ups on Amazon's DynamoDB Local. */
class DynamoDbLocalWakeUpsIT extends WakeUpsContract {

    private static EmbeddedStack stack;
    private static DynamoDbClient client;

    @BeforeAll
    static void start() {
        stack = EmbeddedStack.builder().table(Tables.COUNTS).start();
        client = DynamoDbLocalStoreIT.client(stack.endpoints().dynamodb());
    }

    @AfterAll
    static void stop() {
        client.close();
        stack.close();
    }

    @Override
    protected WakeUps wakeUps() {
        return new DynamoDbWakeUps(client, Tables.COUNTS.name());
    }
}
