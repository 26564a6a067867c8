package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Requests a wake-up for each counter whose newest version has not been broadcast, unless a broadcast is due soon. If
 * pages would see no difference, nothing was missed; the wake-up is requested only when the last broadcast is old, in
 * case that the stream record of a new connection was lost.
 */
final class MissedBroadcasts {

    /** The time within which a broadcast normally begins. */
    static final Duration BROADCAST_GRACE = Duration.ofSeconds(10);

    private final Reconciler.Ports ports;
    private final boolean watchers;
    private final MessageFormat format;
    private final List<String> restarted = new ArrayList<>();

    /** Creates the job; without watchers, nobody receives the count of a counter at zero. */
    MissedBroadcasts(Reconciler.Ports ports, boolean watchers, MessageFormat format) {
        this.ports = ports;
        this.watchers = watchers;
        this.format = format;
    }

    /** Returns whether there was time for all counters. */
    boolean restart(Collection<CounterState> states, Deadline work, Deadline deadline) {
        for (CounterState state : states) {
            Instant now = ports.timeSource().now();
            if (work.hasPassed(now)) {
                return false;
            }
            VisitorCount count = state.count();
            if (mayBeMissed(count, now)) {
                Lease lease = ports.leases().read(count.counterId(), deadline);
                boolean isSame = lease.isSame(count, format::isChange);
                if (isUnsent(count, lease, now)
                        && (!isSame || lease.isOld(now))
                        && ports.wakeUps().request(count.counterId(), now, deadline) != WakeUps.Request.PENDING
                        && !isSame) {
                    restarted.add(count.counterId());
                }
            }
        }
        return true;
    }

    List<String> restarted() {
        return restarted;
    }

    private boolean mayBeMissed(VisitorCount count, Instant now) {
        boolean settled = count.updatedAt() == null
                || !count.updatedAt().plus(BROADCAST_GRACE).isAfter(now);
        return settled && (watchers || count.live() > 0);
    }

    private static boolean isUnsent(VisitorCount count, Lease lease, Instant now) {
        return count.version() != lease.sentVersion() && !lease.isHeld(now.minus(BROADCAST_GRACE));
    }
}
