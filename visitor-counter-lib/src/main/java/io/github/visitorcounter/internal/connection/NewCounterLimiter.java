package io.github.visitorcounter.internal.connection;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits how many new counters are created in a minute, for the counters that a wildcard admits. The limit applies to
 * fixed windows of {@link #WINDOW}, so that twice as many counters may be created within a minute around the end of a
 * window. Concurrent connects to the same new counter are counted separately, so that fewer may be created. A window
 * never exceeds the limit. Thread-safe.
 */
@FunctionalInterface
public interface NewCounterLimiter {

    /** The length of a window. */
    Duration WINDOW = Duration.ofMinutes(1);

    /** Sets no limit. */
    NewCounterLimiter NONE = (counterId, limit, at) -> true;

    /**
     * Returns whether a connect to a counter is allowed: always if the counter exists, otherwise if fewer counters than
     * the limit were created in the window.
     *
     * @param counterId the counter
     * @param limit how many may be created in a window
     * @param at when the connection was opened
     * @return false if the counter is new and the limit is reached; nothing was counted then
     * @throws io.github.visitorcounter.ServiceUnavailableException if that could not be decided in time
     */
    boolean mayUse(String counterId, int limit, Instant at);
}
