package io.github.visitorcounter.broadcast;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How often a counter is broadcast: a token bucket that refills at the message budget and holds one minute's worth, and a
 * shortest interval between two passes. A pass costs its audience; an audience larger than the bucket waits for a full one.
 *
 * <p>The bucket is kept as one moment, {@link Lease#paidUntil()}: now or earlier when it is full, a minute ahead when it is
 * empty.
 *
 * @param messagesPerSecond the budget
 * @param minimumInterval the shortest time from the beginning of one pass to the beginning of the next
 */
record Pace(int messagesPerSecond, Duration minimumInterval) {

    static final Duration BUCKET = Duration.ofMinutes(1);

    /** No audience is so large. */
    private static final Duration LONGEST_DEBT = Duration.ofDays(30);

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** When the next pass may begin; a moment that is not in the future means at once. */
    Instant nextPassAt(Lease lease, long audience) {
        Instant affordable = lease.paidUntil().plus(cost(audience)).minus(BUCKET);
        Instant fullBucket = lease.paidUntil();
        Instant paid = affordable.isBefore(fullBucket) ? affordable : fullBucket;
        Instant due = lease.lastPassAt().plus(minimumInterval);
        return paid.isAfter(due) ? paid : due;
    }

    /** How far the budget is used up after a pass. */
    Instant paidUntil(Lease lease, long audience, Instant now) {
        Instant from = lease.paidUntil().isAfter(now) ? lease.paidUntil() : now;
        return from.plus(cost(audience));
    }

    /** The charge for messages outside a pass. */
    LeaseStore.Charge charge(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(BUCKET));
    }

    /** The charge for messages that have been sent already. */
    LeaseStore.Charge debt(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(LONGEST_DEBT));
    }

    private Duration cost(long messages) {
        return Duration.of(costMicros(messages), ChronoUnit.MICROS);
    }

    private long costMicros(long messages) {
        return Math.multiplyExact(messages, MICROS_PER_SECOND) / messagesPerSecond;
    }
}
