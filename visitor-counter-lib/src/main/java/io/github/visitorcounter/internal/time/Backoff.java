package io.github.visitorcounter.internal.time;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential backoff with full jitter: the wait before retry <i>n</i> is uniform between zero and {@code base · 2ⁿ},
 * capped.
 *
 * @param base the upper limit of the first wait
 * @param cap the upper limit of every wait
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">why full jitter</a>
 */
public record Backoff(Duration base, Duration cap, DoubleSupplier random) {

    private static final int MAX_DOUBLINGS = 20;

    /**
     * Returns a backoff with the jitter of a time source.
     *
     * @param base the upper limit of the first wait
     * @param cap the upper limit of every wait
     * @param timeSource draws the random numbers
     * @return the backoff
     */
    public static Backoff jittered(Duration base, Duration cap, TimeSource timeSource) {
        return new Backoff(base, cap, timeSource::jitter);
    }

    /**
     * Returns a random wait.
     *
     * @param retry 0 before the first retry, 1 before the second, ...
     * @return the wait
     */
    public Duration delay(int retry) {
        Duration ceiling = base.multipliedBy(1L << Math.min(retry, MAX_DOUBLINGS));
        Duration limit = ceiling.compareTo(cap) < 0 ? ceiling : cap;
        return Duration.ofNanos((long) (limit.toNanos() * random.getAsDouble()));
    }
}
