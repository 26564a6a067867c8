package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The rate limit of a counter's broadcasts: a token bucket that refills at the message budget and holds one minute's worth, and a
 * shortest interval between two passes. A pass costs one message for each connection; an audience larger than the bucket waits
 * for a full one. However full the bucket is, it is emptied at no more than four times the budget.
 *
 * <p>The bucket is kept as one moment, {@link Lease#paidUntil()}: now or earlier when it is full, a minute ahead when it is
 * empty.
 *
 * @param messagesPerSecond the budget
 * @param minimumInterval the shortest time from the beginning of one pass to the beginning of the next
 */
record MessageBudget(int messagesPerSecond, Duration minimumInterval) {

    static final Duration BUCKET = Duration.ofMinutes(1);

    /** The bucket is emptied no faster than this many times the refill rate: a crowd that arrives in seconds costs a few passes. */
    private static final int MAX_OUTFLOW = 4;

    /** Longer than any audience costs. */
    private static final Duration NO_LIMIT = Duration.ofDays(30);

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** When the next pass may begin; a moment that is not in the future means at once. */
    Instant nextPassAt(Lease lease, long audience, Instant now) {
        Instant paidUntil = paidUntil(lease, now);
        Instant affordable = paidUntil.plus(cost(audience)).minus(BUCKET);
        Instant paid = affordable.isBefore(paidUntil) ? affordable : paidUntil;
        Duration outflow = cost(audience).dividedBy(MAX_OUTFLOW);
        Instant due = lease.lastPassAt().plus(outflow.compareTo(minimumInterval) > 0 ? outflow : minimumInterval);
        return paid.isAfter(due) ? paid : due;
    }

    /** How far the budget is used up after a pass. */
    Instant paidUntil(Lease lease, long audience, Instant now) {
        Instant paidUntil = paidUntil(lease, now);
        return (paidUntil.isAfter(now) ? paidUntil : now).plus(cost(audience));
    }

    /**
     * How far the budget is used up. Messages that were charged to a smaller budget cost what they cost by this one; those that were
     * charged to a larger one are owed no longer than before: a minute would become a week.
     */
    private Instant paidUntil(Lease lease, Instant now) {
        Duration owed = Duration.between(now, lease.paidUntil());
        if (owed.isNegative() || lease.paidBudget() == 0 || lease.paidBudget() == messagesPerSecond) {
            return lease.paidUntil();
        }
        Instant rescaled = now.plus(owed.multipliedBy(lease.paidBudget()).dividedBy(messagesPerSecond));
        return rescaled.isBefore(lease.paidUntil()) ? rescaled : lease.paidUntil();
    }

    /** The charge for messages outside a pass. */
    LeaseStore.Charge charge(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(BUCKET));
    }

    /** The charge for messages that have been sent already. */
    LeaseStore.Charge debt(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(NO_LIMIT));
    }

    private Duration cost(long messages) {
        return Duration.of(costMicros(messages), ChronoUnit.MICROS);
    }

    private long costMicros(long messages) {
        return Math.multiplyExact(messages, MICROS_PER_SECOND) / messagesPerSecond;
    }
}
