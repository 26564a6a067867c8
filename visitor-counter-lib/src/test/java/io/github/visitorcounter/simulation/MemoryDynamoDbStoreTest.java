package io.github.visitorcounter.simulation;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.StoreContract;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;

import java.util.Map;

/** Runs the contract suite with the production adapters on the simulation's DynamoDB. */
class MemoryDynamoDbStoreTest extends StoreContract {

    private final MemoryDynamoDb client =
            MemoryDynamoDb.withTables(TimeSource.system()::now, MemoryDynamoDb.NO_LISTENER);
    private final SimulatedAdapters adapters = new SimulatedAdapters(client, null, TimeSource.system(), 10);

    @Override
    protected ConnectionStore connections() {
        return connections(null);
    }

    @Override
    protected ConnectionStore connections(String siteCounter) {
        return adapters.connections(null, siteCounter);
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive) {
        return adapters.counters(config(rules, maxLive).build());
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive, String siteCounter) {
        return adapters.counters(
                config(rules, maxLive).set(Setting.SITE_COUNTER, siteCounter).build());
    }

    private static VisitorCounterConfig.Builder config(VisitRules rules, int maxLive) {
        return VisitorCounterConfig.builder()
                .set(Setting.VISIT_TIMEOUT, rules.window())
                .set(Setting.COUNTING_MODE, rules.countingMode())
                .set(Setting.MAX_LIVE, maxLive);
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
