package io.github.visitorcounter.simulation;

import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.broadcast.lease.WakeUpsContract;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.time.TimeSource;

/** Runs the contract suite with the production adapter on the simulation's DynamoDB. */
class MemoryDynamoDbWakeUpsTest extends WakeUpsContract {

    private final MemoryDynamoDb client =
            MemoryDynamoDb.withTables(TimeSource.system()::now, MemoryDynamoDb.NO_LISTENER);

    @Override
    protected WakeUps wakeUps() {
        return new SimulatedAdapters(client, null, TimeSource.system(), 10).wakeUps();
    }
}
