package io.github.visitorcounter.internal.broadcast.lease;

import java.time.Duration;

/**
 * How long an invocation may wait with no call under way: a quarter of a second in all, because Lambda bills the time. What needs
 * longer is left to a wake-up. Thread-safe.
 */
public final class WaitAllowance {

    public static final Duration MAX_WAIT = Duration.ofMillis(250);

    private Duration left = MAX_WAIT;

    /** Takes so much from the allowance; returns false, and takes nothing, if that is more than is left. */
    public synchronized boolean grants(Duration wait) {
        if (wait.compareTo(left) > 0) {
            return false;
        }
        left = left.minus(wait);
        return true;
    }
}
