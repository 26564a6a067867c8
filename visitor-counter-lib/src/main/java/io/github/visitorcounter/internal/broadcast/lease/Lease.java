package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BiPredicate;

/**
 * The content of a counter's lease row.
 *
 * @param holder the identity of the trigger that holds the lease, or null
 * @param leasedUntil when the lease expires; {@link Instant#EPOCH} without a holder
 * @param sentVersion the newest version that a complete broadcast has sent
 * @param budget the used part of the message budget
 * @param rest the rest of a pass that ran out of time, or null
 * @param passCount the count of the last pass that was begun; null if it was not recorded
 * @param awaitingPass how often connections were left to the next pass since the last one was begun; at least one after
 *     the first pass, see {@link LeaseStore.AcquireRequest#awaitingPass()}
 */
public record Lease(
        @Nullable String holder,
        Instant leasedUntil,
        long sentVersion,
        BudgetUse budget,
        @Nullable PassRest rest,
        @Nullable VisitorCount passCount,
        long awaitingPass) {

    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    /** The lease of a counter that was never broadcast. */
    public static final Lease NEW = new Lease(null, Instant.EPOCH, 0, BudgetUse.NONE, null, null, 0);

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

    /**
     * Returns whether a trigger holds the lease for a pass of this count, whether or not the lease has expired.
     *
     * @param trigger the identity of the trigger
     * @param count the count
     * @return true if the last pass that was begun is the trigger's, and of this version
     */
    public boolean isPassOf(String trigger, VisitorCount count) {
        return trigger.equals(holder) && passCount != null && passCount.version() == count.version();
    }

    /**
     * Returns whether pages would see no difference between what all connections have been sent and the newest count. A
     * lower version is that of a restored counter, whose pages begin with what they are sent when they reconnect.
     *
     * @param newest the newest count, read after the lease
     * @param isChange returns whether pages would see a difference between two counts
     * @return true if nothing but this count has been sent, to everyone
     */
    public boolean isSame(VisitorCount newest, BiPredicate<VisitorCount, VisitorCount> isChange) {
        VisitorCount sent = sentToAll();
        return sent != null && sent.version() < newest.version() && !isChange.test(sent, newest);
    }

    /**
     * Returns whether the last pass is so old that the next change is sent even if pages would see no difference: a
     * page that has missed its message receives the next one.
     *
     * @param now the current time
     * @return true ten minutes after its begin
     */
    public boolean isOld(Instant now) {
        return !budget.lastPassAt().plus(MAX_AGE).isAfter(now);
    }

    /**
     * Returns the count that pages show, or will show when the pass under way has ended: an answer with another one
     * would have to be corrected by a later pass, see {@link TargetedCount}.
     *
     * @param newest the newest count
     * @return the count of the last pass; null if it is unknown, or newer than the newest count
     */
    public @Nullable VisitorCount shown(VisitorCount newest) {
        return passCount != null && passCount.version() >= sentVersion && passCount.version() <= newest.version()
                ? passCount
                : null;
    }

    /**
     * Returns the count that all connections have been sent, if nothing else has been sent since: the last pass that
     * was begun is complete, and no connection waits for the next one. A pass that was begun and is not complete has
     * another version than the one before it.
     *
     * @return the count, or null
     */
    public @Nullable VisitorCount sentToAll() {
        return awaitingPass == 0 && passCount != null && passCount.version() == sentVersion ? passCount : null;
    }
}
