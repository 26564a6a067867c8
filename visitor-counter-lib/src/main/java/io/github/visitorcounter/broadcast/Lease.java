package io.github.visitorcounter.broadcast;

import java.time.Instant;

/**
 * What a counter's lease row says: who may broadcast the counter is the {@link LeaseStore}'s affair, this is what its holder
 * needs to know.
 *
 * @param sentVersion the newest version that a whole pass has told everyone
 * @param pendingVersion the newest version that others left to the holder; 0 when there is none
 * @param paidUntil how far the message budget is used up: messages are paid for until then
 * @param lastPassAt when the last pass began
 */
public record Lease(long sentVersion, long pendingVersion, Instant paidUntil, Instant lastPassAt) {

    /** The lease of a counter that was never broadcast. */
    public static final Lease NEW = new Lease(0, 0, Instant.EPOCH, Instant.EPOCH);

    /**
     * Returns this lease after a pass.
     *
     * @param version what the pass told everyone
     * @return the lease
     */
    Lease sent(long version) {
        return new Lease(version, pendingVersion, paidUntil, lastPassAt);
    }
}
