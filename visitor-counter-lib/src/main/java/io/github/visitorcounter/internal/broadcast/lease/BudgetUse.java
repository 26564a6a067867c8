package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Instant;

/**
 * The used part of a counter's message budget.
 *
 * @param usedUntil when the charged messages have been earned back; now or earlier if nothing is used
 * @param messagesPerSecond the budget that {@code usedUntil} was computed with; 0 without a charge
 * @param lastPassAt when the last pass began
 * @param lastPassMessages the number of messages charged for that pass
 * @param uncounted how many connections the last complete pass had beyond {@code live}, approximately: watchers, and
 *     further tabs of a visitor
 */
public record BudgetUse(
        Instant usedUntil, int messagesPerSecond, Instant lastPassAt, long lastPassMessages, long uncounted) {

    /** Nothing was ever charged. */
    public static final BudgetUse NONE = new BudgetUse(Instant.EPOCH, 0, Instant.EPOCH, 0, 0);
}
