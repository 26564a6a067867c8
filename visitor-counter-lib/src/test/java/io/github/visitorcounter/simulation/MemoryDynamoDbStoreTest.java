package io.github.visitorcounter.simulation;

import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.aws.SimulatedAdapters;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.StoreContract;
import io.github.visitorcounter.count.Visit;
import io.github.visitorcounter.count.VisitRules;
import io.github.visitorcounter.reconcile.ReconcileStore;
import io.github.visitorcounter.time.Timekeeper;

import java.util.Map;

/** The simulation's DynamoDB keeps the contract, with the adapters as they are. */
class MemoryDynamoDbStoreTest extends StoreContract {

    private final MemoryDynamoDb client = MemoryDynamoDb.withTables(Timekeeper.system()::now, MemoryDynamoDb.NOBODY);
    private final SimulatedAdapters adapters = new SimulatedAdapters(client, null, Timekeeper.system(), 10);

    @Override
    protected ConnectionStore connections() {
        return adapters.connections(null);
    }

    @Override
    protected CounterStore counters(VisitRules rules, int liveLimit) {
        return adapters.counters(VisitorCounterConfig.builder()
                .visitWindow(rules.window())
                .liveCounts(rules.liveCounts())
                .liveLimit(liveLimit)
                .build());
    }

    @Override
    protected ReconcileStore everything() {
        return adapters.reconcileStore();
    }

    @Override
    protected void loseCount(String counterId) {
        client.edit(MemoryDynamoDb.COUNTS, counterId, null);
    }

    @Override
    protected void loseVisit(String counterId, String visit) {
        client.edit(MemoryDynamoDb.COUNTS, SimulatedAdapters.visitKey(counterId, visit), null);
    }

    @Override
    protected Visit visit(String counterId, String visit) {
        String key = SimulatedAdapters.visitKey(counterId, visit);
        return SimulatedAdapters.visit(client.items(MemoryDynamoDb.COUNTS).getOrDefault(key, Map.of()));
    }
}
