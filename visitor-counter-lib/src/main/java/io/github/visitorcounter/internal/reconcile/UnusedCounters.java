package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.Collection;

/**
 * Removes unused counters: only a wildcard admits them, {@code live} is zero, they have no connection, and their last
 * change was long ago. Otherwise the table and the duration of every run would grow with each new id that a client
 * chooses.
 *
 * <p>The {@code total} is removed with the counter. After the next connect it is one, and the version begins at the
 * current time, so that pages accept it. A concurrent connect prevents the removal, because it changes the version.
 */
final class UnusedCounters {

    private final Reconciler.Ports ports;
    private final Reconciler.Settings settings;
    private int removed;

    UnusedCounters(Reconciler.Ports ports, Reconciler.Settings settings) {
        this.ports = ports;
        this.settings = settings;
    }

    /**
     * Removes the unused ones of some counters. None of them had a connection in the scan after it was read.
     *
     * @return true if there was time for all counters
     */
    boolean remove(Collection<CounterState> empty, Deadline work, Deadline deadline) {
        for (CounterState state : empty) {
            Instant now = ports.timeSource().now();
            if (work.hasPassed(now)) {
                return false;
            }
            if (isUnused(state.count(), now) && ports.store().removeUnused(state, unusedSince(now), now, deadline)) {
                removed++;
            }
        }
        return true;
    }

    private boolean isUnused(VisitorCount count, Instant now) {
        Instant changed = count.updatedAt();
        return !settings.unusedAfter().isZero()
                && settings.allowed().admitsByWildcard(count.counterId())
                && changed != null
                && !changed.isAfter(unusedSince(now));
    }

    private Instant unusedSince(Instant now) {
        return now.minus(settings.unusedAfter());
    }

    int removed() {
        return removed;
    }
}
