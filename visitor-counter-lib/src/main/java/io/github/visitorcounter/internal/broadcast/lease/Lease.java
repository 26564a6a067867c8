package io.github.visitorcounter.internal.broadcast.lease;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What a counter's lease row says.
 *
 * @param holder who may broadcast the counter, or null
 * @param leasedUntil when the holder's lease ends; {@link Instant#EPOCH} without a holder
 * @param sentVersion the newest version that a whole broadcast has sent
 * @param budget what is used of the message budget
 * @param rest what is left of a pass that ran out of time, or null
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
     * Tells whether somebody may be broadcasting.
     *
     * @param now the current time
     * @return true if there is a holder whose lease has not expired
     */
    public boolean isHeld(Instant now) {
        return holder != null && leasedUntil.isAfter(now);
    }
}
