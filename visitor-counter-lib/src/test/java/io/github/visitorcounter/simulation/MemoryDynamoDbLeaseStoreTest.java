package io.github.visitorcounter.simulation;

import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStoreContract;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.time.TimeSource;

/** Runs the contract suite with the production adapter on the simulation's DynamoDB. */
class MemoryDynamoDbLeaseStoreTest extends LeaseStoreContract {

    private final MemoryDynamoDb client =
            MemoryDynamoDb.withTables(TimeSource.system()::now, MemoryDynamoDb.NO_LISTENER);

    @Override
    protected LeaseStore leases() {
        return new SimulatedAdapters(client, null, TimeSource.system(), 10).leases();
    }
}
