package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The content of a counter's lease row.
 *
 * @param holder the identity of the trigger that holds the lease, or null
 * @param leasedUntil when the lease expires; {@link Instant#EPOCH} without a holder
 * @param sentVersion the newest version that a complete broadcast has sent
 * @param budget the used part of the message budget
 * @param rest the rest of a pass that ran out of time, or null
 */
public record Lease(
        @Nullable String holder,
        Instant leasedUntil,
        long sentVersion,
        BudgetUse budget,
        @Nullable PassRest rest) {

    /** The lease of a counter that was never broadcast. */
    public static final Lease NEW = new Lease(null, Instant.EPOCH, 0, BudgetUse.NONE, null);

    /**
     * Returns how many connections a broadcast will probably have.
     *
     * @param count the count to broadcast
     * @return {@code live} and the connections beyond it in the last pass
     */
    public long audience(VisitorCount count) {
        return count.live() + budget.uncounted();
    }

    /**
     * Returns whether the lease is held.
     *
     * @param now the current time
     * @return true if there is a holder whose lease has not expired
     */
    public boolean isHeld(Instant now) {
        return holder != null && leasedUntil.isAfter(now);
    }
}
