package io.github.visitorcounter.internal.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The time at which an invocation must have finished; retries and waits end before it.
 *
 * @param at the time
 */
public record Deadline(Instant at) {

    /**
     * Returns how much time is left.
     *
     * @param now the current time
     * @return the time left, never negative
     */
    public Duration remaining(Instant now) {
        Duration left = Duration.between(now, at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Returns whether the deadline has passed.
     *
     * @param now the current time
     * @return true if no time is left
     */
    public boolean hasPassed(Instant now) {
        return !now.isBefore(at);
    }
}
