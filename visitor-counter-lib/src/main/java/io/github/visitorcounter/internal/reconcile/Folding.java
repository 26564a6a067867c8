package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Folds counters that are quiet again into their home rows, so that reading them takes one call. */
final class Folding {

    /**
     * A row sustains about 60 changes per second. A counter folded at more than a sixth of that would soon grow again.
     */
    private static final int MAX_CHANGES_PER_SECOND = 10;

    /** The shortest time in which changes are measured. */
    private static final Duration MIN_TIME = Duration.ofMinutes(1);

    private final Reconciler.Ports ports;
    private final LiveLimits limits;

    Folding(Reconciler.Ports ports, LiveLimits limits) {
        this.ports = ports;
        this.limits = limits;
    }

    /** Returns whether there was time for all counters. */
    boolean fold(Collection<CounterState> states, Deadline work, Deadline deadline) {
        for (CounterState state : states) {
            Instant now = ports.timeSource().now();
            if (work.hasPassed(now)) {
                return false;
            }
            if (mayBeFolded(state.shards(), limits.of(state.count().counterId()))) {
                foldIfQuiet(state, now, deadline);
            }
        }
        return true;
    }

    private static boolean mayBeFolded(Shards shards, MaxLive limit) {
        boolean isShardedByLimit = limit.isSet() && shards.count() == limit.shards();
        return shards.count() > 1 && !isShardedByLimit;
    }

    private void foldIfQuiet(CounterState state, Instant now, Deadline deadline) {
        CounterState.Seen seen = state.seen();
        Duration time = seen == null ? Duration.ZERO : Duration.between(seen.at(), now);
        boolean wasInterrupted = state.shards().isPartlyFolded();
        if (seen != null && time.compareTo(MIN_TIME) < 0 && !wasInterrupted) {
            return;
        }
        long changes = seen == null ? Long.MAX_VALUE : state.count().version() - seen.version();
        if (wasInterrupted || changes < MAX_CHANGES_PER_SECOND * time.toSeconds()) {
            ports.store().fold(state.count().counterId(), now, deadline);
        } else {
            ports.store().see(state, now, deadline);
        }
    }
}
