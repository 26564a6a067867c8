package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.Collection;

/**
 * Removes counters that a wildcard admits and nobody uses: {@code live} is zero, there is no connection, and the last change was
 * long ago. Otherwise the table, and the work of every run, would grow with each id that somebody invents.
 *
 * <p>The {@code total} goes with the counter. When somebody connects again, it begins at one, and the version at the time, so that
 * pages accept it. A connect at the same moment wins: it changes the version, and the counter stays.
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
     * Removes those of some counters that are unused. None of them had a connection after it was read.
     *
     * @return whether there was time for all
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
