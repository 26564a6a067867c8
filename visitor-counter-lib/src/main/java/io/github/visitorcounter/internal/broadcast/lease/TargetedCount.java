package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;

import java.util.function.BiPredicate;

/**
 * The count that a message outside a pass contains. If pages would see no difference between the newest count and the
 * last pass, it is the count of that pass, with its version: the connection then shows what all others show, and needs
 * no pass. Otherwise it is the newest count. Until a pass has sent a count to all connections again, none may be
 * skipped: the numbers may change back to those of the last pass, and nobody would correct what this connection shows.
 *
 * @param count the count to send
 * @param needsPass whether the connection must be left to the next pass, see {@link LeaseStore#leaveToNextPass}
 */
public record TargetedCount(VisitorCount count, boolean needsPass) {

    /**
     * Chooses the count.
     *
     * @param lease the lease, read when the connection was already counted
     * @param newest the count, read after the lease
     * @param isChange returns whether pages would see a difference between two counts
     * @return the count to send
     */
    public static TargetedCount of(Lease lease, VisitorCount newest, BiPredicate<VisitorCount, VisitorCount> isChange) {
        if (newest.version() == lease.sentVersion()) {
            return new TargetedCount(newest, false);
        }
        VisitorCount pass = lease.passCount();
        // A pass that is under way includes the connection, or reads again after it has released the lease; then the
        // next one does.
        if (pass != null
                && lease.rest() == null
                && pass.version() >= lease.sentVersion()
                && pass.version() <= newest.version()
                && !isChange.test(pass, newest)) {
            return new TargetedCount(pass, false);
        }
        return new TargetedCount(newest, true);
    }
}
