package io.github.visitorcounter.internal.connection;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits the connects per IP address. The limit is approximate: it applies to fixed windows of {@link #WINDOW}, so that
 * twice as many connects are possible around the end of a window; an event that Lambda delivers twice counts twice.
 * Thread-safe.
 *
 * <p>IP addresses are personal data: implementations must not store them in plain text, nor longer than a window.
 */
public interface IpRateLimiter {

    /** The length of a window. */
    Duration WINDOW = Duration.ofMinutes(10);

    /**
     * Counts a connect, unless the limit of its window is reached.
     *
     * @param address the IP address as API Gateway formats it; IPv6 addresses are counted by their first 64 bits, which
     *     is what one customer is assigned
     * @param limit the maximum of connects per window
     * @param at the time of the connect
     * @return false if the limit is reached; the connect was not counted then
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be counted in time
     */
    boolean count(String address, int limit, Instant at);
}
