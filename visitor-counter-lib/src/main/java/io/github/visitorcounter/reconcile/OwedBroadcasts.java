package io.github.visitorcounter.reconcile;

import io.github.visitorcounter.broadcast.LeaseStore;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The broadcasts that visitors wait for and nobody is at any more: lets the stream start them afresh. */
final class OwedBroadcasts {

    /** Whoever is about to broadcast has begun by then. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Reconciler.Ports ports;
    private final List<String> restarted = new ArrayList<>();

    OwedBroadcasts(Reconciler.Ports ports) {
        this.ports = ports;
    }

    /** Returns whether there was time for all. */
    boolean restart(Collection<CounterState> states, Deadline work, Deadline deadline) {
        for (CounterState state : states) {
            Instant now = ports.timekeeper().now();
            if (work.hasPassed(now)) {
                return false;
            }
            String counterId = state.count().counterId();
            if (mayBeOwed(state.count(), now) && isOwed(state, ports.leases().look(counterId, deadline), now)) {
                ports.counters().touch(counterId, now, deadline);
                restarted.add(counterId);
            }
        }
        return true;
    }

    List<String> restarted() {
        return restarted;
    }

    private static boolean mayBeOwed(VisitorCount count, Instant now) {
        boolean settled =
                count.updatedAt() == null || !count.updatedAt().plus(PATIENCE).isAfter(now);
        return settled && count.live() > 0 && count.version() > 0;
    }

    /**
     * Tells whether a counter's last change was told to nobody, and nobody is about to.
     *
     * <p>A counter without a lease was never broadcast: because its first broadcast failed, or because nobody broadcasts it. It is
     * touched once after each change, to see which; a touch is a {@link Change#PACE}.
     */
    private static boolean isOwed(CounterState state, LeaseStore.@Nullable State lease, Instant now) {
        if (lease == null) {
            return state.lastChange() != Change.PACE;
        }
        if (lease.heldUntil().plus(PATIENCE).isAfter(now)) {
            return false;
        }
        long sent = lease.lease().sentVersion();
        return state.count().version() != sent || lease.lease().pendingVersion() > sent;
    }
}
