package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.StoreContract;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;

/** Runs the contract suite on the fake. */
class InMemoryStoreTest extends StoreContract {

    private final InMemoryStore store = new InMemoryStore(TimeSource.system(), 10);

    @Override
    protected long firstVersion() {
        return 0;
    }

    @Override
    protected ConnectionStore connections() {
        return store;
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive) {
        return store.under(rules).limitedTo(maxLive);
    }

    @Override
    protected ConnectionStore connections(String siteCounter) {
        return store.withSite(siteCounter);
    }

    @Override
    protected CounterStore counters(VisitRules rules, int maxLive, String siteCounter) {
        return store.under(rules).limitedTo(maxLive).withSite(siteCounter);
    }

    @Override
    protected ReconcileStore everything() {
        return store;
    }

    @Override
    protected void loseCount(String counterId) {
        store.loseCount(counterId);
    }

    @Override
    protected void loseVisit(String counterId, String visit) {
        store.loseVisit(counterId, visit);
    }

    @Override
    protected Visit visit(String counterId, String visit) {
        return store.visit(counterId, visit);
    }
}
