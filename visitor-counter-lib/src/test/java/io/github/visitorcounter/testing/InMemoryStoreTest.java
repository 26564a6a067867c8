package io.github.visitorcounter.testing;

import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.StoreContract;
import io.github.visitorcounter.reconcile.ReconcileStore;
import io.github.visitorcounter.time.Timekeeper;

/** The fake keeps the contract. */
class InMemoryStoreTest extends StoreContract {

    private final InMemoryStore store = new InMemoryStore(Timekeeper.system(), 10);

    @Override
    protected ConnectionStore connections() {
        return store;
    }

    @Override
    protected CounterStore counters() {
        return store;
    }

    @Override
    protected ReconcileStore everything() {
        return store;
    }

    @Override
    protected void loseCount(String counterId) {
        store.loseCount(counterId);
    }
}
