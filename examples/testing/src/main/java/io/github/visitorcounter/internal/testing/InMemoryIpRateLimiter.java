package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.dynamodb.IpPrefix;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * An in-memory rate limiter of IP addresses. It passes the same contract suite as DynamoDB, so tests may rely on it.
 * Thread-safe.
 */
public final class InMemoryIpRateLimiter implements IpRateLimiter {

    private record Place(String block, long window) {}

    private final Map<Place, Integer> arrivals = new HashMap<>();

    @Override
    public synchronized boolean count(String address, int limit, Instant at) {
        Place place = new Place(IpPrefix.of(address), Math.floorDiv(at.getEpochSecond(), WINDOW.toSeconds()));
        int before = arrivals.getOrDefault(place, 0);
        if (before >= limit) {
            return false;
        }
        arrivals.put(place, before + 1);
        return true;
    }

    /** Returns whether nothing has been counted. */
    public synchronized boolean isEmpty() {
        return arrivals.isEmpty();
    }
}
