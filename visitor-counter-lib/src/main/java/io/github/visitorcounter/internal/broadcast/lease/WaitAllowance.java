package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Duration;

/**
 * The time that an invocation may wait with no call under way: a quarter of a second in total, because Lambda bills the
 * time. A wake-up does what must wait longer. Thread-safe.
 */
public final class WaitAllowance {

    public static final Duration MAX_WAIT = Duration.ofMillis(250);

    private Duration remaining = MAX_WAIT;

    /**
     * Subtracts a wait from the allowance; returns false, and subtracts nothing, if it is longer than the remaining
     * allowance.
     */
    public synchronized boolean grants(Duration wait) {
        if (wait.compareTo(remaining) > 0) {
            return false;
        }
        remaining = remaining.minus(wait);
        return true;
    }
}
