package io.github.visitorcounter.reconcile;

import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections out, and counts how many. Thread-safe. */
final class Removals {

    private final CounterStore counters;
    private final Timekeeper timekeeper;
    private final AtomicInteger removed = new AtomicInteger();

    Removals(CounterStore counters, Timekeeper timekeeper) {
        this.counters = counters;
        this.timekeeper = timekeeper;
    }

    void remove(List<String> connectionIds, Deadline deadline) {
        if (!connectionIds.isEmpty()) {
            removed.addAndGet(counters.leave(connectionIds, Change.PRUNE, timekeeper.now(), deadline)
                    .size());
        }
    }

    int removed() {
        return removed.get();
    }
}
