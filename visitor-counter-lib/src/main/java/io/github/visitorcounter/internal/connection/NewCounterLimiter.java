package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits how many new counters are created in a minute, for the counters that a wildcard admits. Approximate: time is divided into
 * windows of {@link #WINDOW}, so that twice as many may be created within a minute around the end of one; and connects that reach a
 * new counter at the same moment, before one of them has created it, are counted one by one, so that fewer may be created. Never
 * more than the limit in a window. Thread-safe.
 */
@FunctionalInterface
public interface NewCounterLimiter {

    /** How long new counters count together. */
    Duration WINDOW = Duration.ofMinutes(1);

    /** Sets no limit. */
    NewCounterLimiter NONE = (counterId, limit, at, deadline) -> true;

    /**
     * Decides whether a connect may reach a counter: always when the counter exists, otherwise when fewer than the limit were
     * created in the window.
     *
     * @param counterId the counter
     * @param limit how many may be created in a window
     * @param at when the connection was opened
     * @param deadline when to give up
     * @return false when the counter is new and too many are; nothing was counted then
     * @throws io.github.visitorcounter.ServiceUnavailableException if that could not be decided in time
     */
    boolean mayUse(String counterId, int limit, Instant at, Deadline deadline);
}
