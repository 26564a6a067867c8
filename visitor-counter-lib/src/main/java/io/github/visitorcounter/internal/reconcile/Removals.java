package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Removes expired connections, and counts them. Thread-safe. */
final class Removals {

    private final CounterStore counters;
    private final TimeSource timeSource;
    private final AtomicInteger removed = new AtomicInteger();

    Removals(CounterStore counters, TimeSource timeSource) {
        this.counters = counters;
        this.timeSource = timeSource;
    }

    void remove(List<String> connectionIds, Deadline deadline) {
        if (!connectionIds.isEmpty()) {
            removed.addAndGet(counters.removeConnections(connectionIds, Change.PRUNE, timeSource.now(), deadline)
                    .size());
        }
    }

    int removed() {
        return removed.get();
    }
}
