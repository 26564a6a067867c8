package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The rate limit of a counter's broadcasts: a token bucket that refills at the message budget and holds one minute's worth, and a
 * shortest interval between two passes. A pass costs one message for each connection; an audience larger than the bucket waits
 * for a full one. However full the bucket is, it is emptied at no more than four times the budget.
 *
 * <p>The bucket is kept as one moment, {@link BudgetUse#usedUntil()}: now or earlier when it is full, a minute ahead when it is
 * empty.
 *
 * @param broadcastMessagesPerSecond the budget
 * @param minBroadcastInterval the shortest time from the beginning of one pass to the beginning of the next
 */
public record MessageBudget(int broadcastMessagesPerSecond, Duration minBroadcastInterval) {

    static final Duration BUCKET = Duration.ofMinutes(1);

    /** The bucket is emptied no faster than this many times the refill rate: a crowd that arrives in seconds costs a few passes. */
    private static final int MAX_OUTFLOW = 4;

    /** Longer than any audience costs. */
    private static final Duration NO_LIMIT = Duration.ofDays(30);

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** When the next pass may begin; a moment that is not in the future means at once. */
    Instant nextPassAt(BudgetUse use, long audience, Instant now) {
        Instant usedUntil = usedUntil(use, now);
        Instant affordable = usedUntil.plus(cost(audience)).minus(BUCKET);
        Instant charged = affordable.isBefore(usedUntil) ? affordable : usedUntil;
        Duration outflow = cost(audience).dividedBy(MAX_OUTFLOW);
        Instant due =
                use.lastPassAt().plus(outflow.compareTo(minBroadcastInterval) > 0 ? outflow : minBroadcastInterval);
        return charged.isAfter(due) ? charged : due;
    }

    /** What is used after a pass that begins now. */
    BudgetUse afterPass(BudgetUse use, long messages, Instant now) {
        if (messages == 0) {
            return new BudgetUse(use.usedUntil(), use.messagesPerSecond(), now, 0);
        }
        Instant usedUntil = usedUntil(use, now);
        Instant from = usedUntil.isAfter(now) ? usedUntil : now;
        return new BudgetUse(from.plus(cost(messages)), broadcastMessagesPerSecond, now, messages);
    }

    /**
     * How far the budget is used up. Messages that were charged to a smaller budget cost what they cost by this one; those that were
     * charged to a larger one are owed no longer than before: a minute would become a week.
     */
    private Instant usedUntil(BudgetUse use, Instant now) {
        Duration owed = Duration.between(now, use.usedUntil());
        if (owed.isNegative()
                || use.messagesPerSecond() == 0
                || use.messagesPerSecond() == broadcastMessagesPerSecond) {
            return use.usedUntil();
        }
        Instant rescaled = now.plus(owed.multipliedBy(use.messagesPerSecond()).dividedBy(broadcastMessagesPerSecond));
        return rescaled.isBefore(use.usedUntil()) ? rescaled : use.usedUntil();
    }

    /** The charge for messages outside a pass. */
    public LeaseStore.Charge charge(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(BUCKET));
    }

    /** The charge for messages that have been sent already. */
    public LeaseStore.Charge debt(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(NO_LIMIT));
    }

    private Duration cost(long messages) {
        return Duration.of(costMicros(messages), ChronoUnit.MICROS);
    }

    private long costMicros(long messages) {
        return Math.multiplyExact(messages, MICROS_PER_SECOND) / broadcastMessagesPerSecond;
    }
}
