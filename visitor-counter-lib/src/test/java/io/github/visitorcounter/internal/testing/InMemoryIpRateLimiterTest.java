package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.connection.IpRateLimiterContract;

/** Runs the contract suite on the fake. */
class InMemoryIpRateLimiterTest extends IpRateLimiterContract {

    private final InMemoryIpRateLimiter arrivals = new InMemoryIpRateLimiter();

    @Override
    protected IpRateLimiter arrivals() {
        return arrivals;
    }
}
