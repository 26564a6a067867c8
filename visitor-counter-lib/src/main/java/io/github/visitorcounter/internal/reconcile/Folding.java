package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Takes the further rows from counters that are quiet again, so that they cost one read, and closes those that nobody reads. */
final class Folding {

    /** A row takes some 60 changes a second; who folds later than at a sixth of that would soon grow again. */
    private static final int MAX_CHANGES_PER_SECOND = 10;

    /** Less time says nothing about how busy a counter is. */
    private static final Duration MIN_TIME = Duration.ofMinutes(1);

    private final Reconciler.Ports ports;
    private final MaxLive limit;

    Folding(Reconciler.Ports ports, MaxLive limit) {
        this.ports = ports;
        this.limit = limit;
    }

    /** Returns whether there was time for all. */
    boolean fold(Collection<CounterState> states, Deadline work, Deadline deadline) {
        for (CounterState state : states) {
            Instant now = ports.timeSource().now();
            if (work.hasPassed(now)) {
                return false;
            }
            if (mayBeFolded(state.shards())) {
                look(state, now, deadline);
            }
        }
        return true;
    }

    private boolean mayBeFolded(Shards shards) {
        boolean isDividedByTheLimit = limit.isSet() && shards.count() == limit.shards();
        return shards.count() > 1 && !isDividedByTheLimit;
    }

    private void look(CounterState state, Instant now, Deadline deadline) {
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
