package io.github.visitorcounter.simulation;

import io.github.visitorcounter.aws.SimulatedAdapters;
import io.github.visitorcounter.broadcast.WakeUps;
import io.github.visitorcounter.broadcast.WakeUpsContract;
import io.github.visitorcounter.time.Timekeeper;

/** The simulation's DynamoDB keeps the contract, with the adapter as it is. */
class MemoryDynamoDbWakeUpsTest extends WakeUpsContract {

    private final MemoryDynamoDb client = MemoryDynamoDb.withTables(Timekeeper.system()::now, MemoryDynamoDb.NOBODY);

    @Override
    protected WakeUps wakeUps() {
        return new SimulatedAdapters(client, null, Timekeeper.system(), 10).wakeUps();
    }
}
