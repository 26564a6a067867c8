package io.github.visitorcounter.simulation;

import io.github.visitorcounter.aws.SimulatedAdapters;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.StoreContract;
import io.github.visitorcounter.time.Timekeeper;

/** The simulation's DynamoDB keeps the contract, with the adapters as they are. */
class MemoryDynamoDbStoreTest extends StoreContract {

    private final MemoryDynamoDb client = MemoryDynamoDb.withTables(Timekeeper.system()::now, MemoryDynamoDb.NOBODY);
    private final SimulatedAdapters adapters = new SimulatedAdapters(client, null, Timekeeper.system(), 10);

    @Override
    protected ConnectionStore connections() {
        return adapters.connections();
    }

    @Override
    protected CounterStore counters() {
        return adapters.counters();
    }

    @Override
    protected void loseCount(String counterId) {
        client.edit(MemoryDynamoDb.COUNTS, counterId, null);
    }
}
