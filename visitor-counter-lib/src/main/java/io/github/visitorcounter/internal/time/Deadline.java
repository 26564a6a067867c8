package io.github.visitorcounter.internal.time;

import java.time.Duration;
import java.time.Instant;

/**
 * When an invocation must have finished its work: retries and waits end before it.
 *
 * @param at the moment
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
     * Tells whether no time is left.
     *
     * @param now the current time
     * @return whether the deadline has passed
     */
    public boolean hasPassed(Instant now) {
        return !now.isBefore(at);
    }
}
