package io.github.visitorcounter.time;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential backoff with full jitter: the wait before retry <i>n</i> is uniform between zero and {@code base · 2ⁿ}, capped.
 *
 * @param base the upper limit of the first wait
 * @param cap the upper limit of every wait
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">why full jitter</a>
 */
public record Backoff(Duration base, Duration cap, DoubleSupplier random) {

    private static final int MOST_DOUBLINGS = 20;

    /** Made at the first retry: most functions never need it. */
    private static final class OperatingSystem {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    /**
     * Backoff with random numbers of the operating system: every other generator is part of a function's snapshot, and all
     * instances restored from it would draw the same numbers and retry at the same moments.
     *
     * @param base the upper limit of the first wait
     * @param cap the upper limit of every wait
     * @return the backoff
     */
    public static Backoff jittered(Duration base, Duration cap) {
        return new Backoff(base, cap, () -> OperatingSystem.RANDOM.nextDouble());
    }

    /**
     * Draws a wait.
     *
     * @param retry 0 before the first retry, 1 before the second, ...
     * @return the wait
     */
    public Duration delay(int retry) {
        Duration ceiling = base.multipliedBy(1L << Math.min(retry, MOST_DOUBLINGS));
        Duration limit = ceiling.compareTo(cap) < 0 ? ceiling : cap;
        return Duration.ofNanos((long) (limit.toNanos() * random.getAsDouble()));
    }
}
