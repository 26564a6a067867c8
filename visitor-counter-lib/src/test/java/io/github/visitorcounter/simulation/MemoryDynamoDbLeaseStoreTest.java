package io.github.visitorcounter.simulation;

import io.github.visitorcounter.aws.SimulatedAdapters;
import io.github.visitorcounter.broadcast.LeaseStore;
import io.github.visitorcounter.broadcast.LeaseStoreContract;
import io.github.visitorcounter.time.Timekeeper;

/** The simulation's DynamoDB keeps the contract, with the adapter as it is. */
class MemoryDynamoDbLeaseStoreTest extends LeaseStoreContract {

    private final MemoryDynamoDb client = MemoryDynamoDb.withTables(Timekeeper.system()::now, MemoryDynamoDb.NOBODY);

    @Override
    protected LeaseStore leases() {
        return new SimulatedAdapters(client, null, Timekeeper.system(), 10).leases();
    }
}
