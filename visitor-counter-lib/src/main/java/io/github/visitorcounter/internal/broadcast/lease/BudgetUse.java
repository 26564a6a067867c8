package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Instant;

/**
 * What is used of a counter's message budget.
 *
 * @param usedUntil how far the budget is used up: now or earlier when nothing is, later when messages were charged ahead
 * @param messagesPerSecond the budget by which {@code usedUntil} was computed last; 0 when there is none
 * @param lastPassAt when the last pass began
 * @param lastPassMessages how many messages that pass was charged for
 */
public record BudgetUse(Instant usedUntil, int messagesPerSecond, Instant lastPassAt, long lastPassMessages) {

    /** Nothing was ever sent. */
    public static final BudgetUse NONE = new BudgetUse(Instant.EPOCH, 0, Instant.EPOCH, 0);
}
