package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** Passes all calls to another store; a test overrides those that it changes. */
abstract class ForwardingReconcileStore implements ReconcileStore {

    private final ReconcileStore store;

    ForwardingReconcileStore(ReconcileStore store) {
        this.store = store;
    }

    @Override
    public ConnectionPage readConnections(Part part, Deadline deadline) {
        return store.readConnections(part, deadline);
    }

    @Override
    public CounterPage readCounters(@Nullable String cursor, Deadline deadline) {
        return store.readCounters(cursor, deadline);
    }

    @Override
    public Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
        return store.readCounters(counterIds, deadline);
    }

    @Override
    public boolean repair(Repair repair, Deadline deadline) {
        return store.repair(repair, deadline);
    }

    @Override
    public void see(CounterState state, Instant at, Deadline deadline) {
        store.see(state, at, deadline);
    }

    @Override
    public void fold(String counterId, Instant at, Deadline deadline) {
        store.fold(counterId, at, deadline);
    }

    @Override
    public void closeStray(Collection<ShardKey> shards, Instant at, Deadline deadline) {
        store.closeStray(shards, at, deadline);
    }

    @Override
    public boolean removeUnused(CounterState state, Instant unusedSince, Instant at, Deadline deadline) {
        return store.removeUnused(state, unusedSince, at, deadline);
    }

    @Override
    public @Nullable ReconcileProgress readProgress(Deadline deadline) {
        return store.readProgress(deadline);
    }

    @Override
    public void saveProgress(ReconcileProgress progress, Deadline deadline) {
        store.saveProgress(progress, deadline);
    }

    @Override
    public void clearProgress(Deadline deadline) {
        store.clearProgress(deadline);
    }
}
