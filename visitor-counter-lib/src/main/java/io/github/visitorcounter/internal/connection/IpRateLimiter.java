package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.internal.time.Deadline;

import java.time.Duration;
import java.time.Instant;

/**
 * Counts how often each address has arrived lately. Approximate: time is divided into windows of {@link #WINDOW}, so that twice
 * as many may come within that time around the end of one; an event that comes twice counts twice. Thread-safe.
 *
 * <p>Addresses are personal data: implementations keep them for no longer than a window lasts, and not in the clear.
 */
public interface IpRateLimiter {

    /** How long arrivals of an address count together. */
    Duration WINDOW = Duration.ofMinutes(10);

    /**
     * Counts an arrival, unless as many as allowed have come in its window.
     *
     * @param address where it came from, as API Gateway writes addresses; those of IPv6 count by their first 64 bits, which is
     *     what one customer gets
     * @param limit how many may come in a window
     * @param at when it came
     * @param deadline when to give up
     * @return false when as many have come before; this one was not counted then
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be counted in time
     */
    boolean count(String address, int limit, Instant at, Deadline deadline);
}
