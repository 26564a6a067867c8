package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The rate limit of a counter's broadcasts: a token bucket that holds the messages of one minute, and a minimum
 * interval between two passes. A pass costs one message for each connection; a pass that costs more than the bucket
 * holds starts when the bucket is full. The outflow is limited to four times the budget, even if the bucket is full.
 *
 * <p>The bucket is stored as one time, {@link BudgetUse#usedUntil()}: now or earlier if the bucket is full, one minute
 * ahead if it is empty.
 *
 * @param broadcastMessagesPerSecond the refill rate of the bucket
 * @param minBroadcastInterval the minimum time between the starts of two passes
 */
public record MessageBudget(int broadcastMessagesPerSecond, Duration minBroadcastInterval) {

    static final Duration BUCKET = Duration.ofMinutes(1);

    /** The maximum outflow, as a multiple of the refill rate: many connects within seconds cost only a few passes. */
    private static final int MAX_OUTFLOW = 4;

    /** Longer than any charge. */
    private static final Duration NO_LIMIT = Duration.ofDays(30);

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** Returns the earliest start of the next pass; it may be in the past. */
    Instant nextPassAt(BudgetUse use, long audience, Instant now) {
        Instant usedUntil = usedUntil(use, now);
        Instant sufficientAt = usedUntil.plus(cost(audience)).minus(BUCKET);
        Instant budgetAt = sufficientAt.isBefore(usedUntil) ? sufficientAt : usedUntil;
        Duration outflow = cost(audience).dividedBy(MAX_OUTFLOW);
        Instant intervalAt =
                use.lastPassAt().plus(outflow.compareTo(minBroadcastInterval) > 0 ? outflow : minBroadcastInterval);
        return budgetAt.isAfter(intervalAt) ? budgetAt : intervalAt;
    }

    /** Returns the used budget after a pass that starts now. */
    BudgetUse afterPass(BudgetUse use, long messages, Instant now) {
        if (messages == 0) {
            return new BudgetUse(use.usedUntil(), use.messagesPerSecond(), now, 0, use.uncounted());
        }
        Instant usedUntil = usedUntil(use, now);
        Instant from = usedUntil.isAfter(now) ? usedUntil : now;
        return new BudgetUse(from.plus(cost(messages)), broadcastMessagesPerSecond, now, messages, use.uncounted());
    }

    /**
     * Returns {@link BudgetUse#usedUntil()} at the rate of this budget. Messages that were charged to a smaller budget
     * are converted to this rate. Messages that were charged to a larger budget are not: one minute could become a
     * week.
     */
    private Instant usedUntil(BudgetUse use, Instant now) {
        Duration used = Duration.between(now, use.usedUntil());
        if (used.isNegative()
                || use.messagesPerSecond() == 0
                || use.messagesPerSecond() == broadcastMessagesPerSecond) {
            return use.usedUntil();
        }
        Instant rescaled = now.plus(used.multipliedBy(use.messagesPerSecond()).dividedBy(broadcastMessagesPerSecond));
        return rescaled.isBefore(use.usedUntil()) ? rescaled : use.usedUntil();
    }

    /**
     * Returns the charge of messages outside a pass, which is rejected if the bucket does not hold them.
     *
     * @param leavesToNextPass whether the messages leave their connections to the next pass
     * @param use the used budget as the caller has read it
     */
    public LeaseStore.Charge charge(long messages, boolean leavesToNextPass, BudgetUse use, Instant now) {
        return new LeaseStore.Charge(
                now,
                costMicros(messages),
                now.plus(BUCKET),
                leavesToNextPass,
                !use.usedUntil().isAfter(now));
    }

    /** Returns the charge of messages that have already been sent, which has no limit. */
    public LeaseStore.Charge debt(long messages, Instant now) {
        return new LeaseStore.Charge(now, costMicros(messages), now.plus(NO_LIMIT), false, false);
    }

    private Duration cost(long messages) {
        return Duration.of(costMicros(messages), ChronoUnit.MICROS);
    }

    private long costMicros(long messages) {
        return Math.multiplyExact(messages, MICROS_PER_SECOND) / broadcastMessagesPerSecond;
    }
}
