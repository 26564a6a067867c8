package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** What comes next in a {@link Turn}. */
sealed interface Step {

    /** Take the lease, also from {@code lingering}, a holder that only waits for returns. */
    record Acquire(@Nullable String lingering) implements Step {

        /** Take the lease. */
        Acquire() {
            this(null);
        }
    }

    /** Holding the lease, by the name for it: leave those who left the time to come back. */
    record Linger() implements Step {}

    /** The lease is {@code holder}'s: find out which version to leave to it. */
    record Refused(String holder) implements Step {}

    /** Leave a version to the holder. */
    record LeaveToHolder(String holder, long version) implements Step {}

    /** Holding the lease: read the count and see whether and when it is to be sent. */
    record Decide(Lease lease) implements Step {}

    /** Holding the lease: tell the rest of a pass that a parent began. */
    record Continue(Lease lease) implements Step {}

    /** Charge a pass. */
    record Pay(Lease lease, VisitorCount count) implements Step {}

    /**
     * Tell everyone. {@code before} is the lease before it paid: what had been left to this holder by then is covered by the
     * count, which was read later.
     */
    record Send(Lease lease, VisitorCount count, Lease before) implements Step {}

    /** Let go. */
    record LetGo(long sentVersion, long settled) implements Step {}

    /** Wait for the pace, a little at a time, and keep the lease. */
    record Wait(Lease lease, Duration time) implements Step {}

    /** Start a pacer and leave the lease to it. */
    record HandOn(Lease lease) implements Step {}

    /** Too many pacers in a row: let go, and note that there is something to send. */
    record Abandon(String name) implements Step {}

    /** Let the stream start afresh. */
    record Touch() implements Step {}

    /** The turn is over. */
    record Done(Turn.End end) implements Step {}
}
