package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The lease store on Amazon's DynamoDB Local. */
class DynamoDbLocalLeaseStoreIT extends LeaseStoreContract {

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
    protected LeaseStore leases() {
        return new DynamoDbLeaseStore(client, Tables.COUNTS.name());
    }
}
