package io.github.visitorcounter.simulation;

import io.github.visitorcounter.count.CountingMode;

import java.time.Duration;
import java.util.List;

/**
 * The behaviour of visitors, and the counting mode.
 *
 * @param named the share of connections that send a visit and a visitor id
 * @param reconnects the share of closed connections that reconnect in the same visit
 * @param tabs the average number of connections per visitor
 * @param asks the share of pages that request the count
 * @param watches the share of pages that only watch
 * @param visitTimeout how long after its last disconnect a visit can be resumed
 * @param countingMode what {@code live} counts
 */
record VisitorBehaviour(
        double named,
        double reconnects,
        int tabs,
        double asks,
        double watches,
        Duration visitTimeout,
        CountingMode countingMode) {

    /** Longer than any run. */
    static final Duration LONG_TIMEOUT = Duration.ofHours(3);

    /** Every visitor connects once. */
    static final VisitorBehaviour SIMPLE = new VisitorBehaviour(0, 0, 1, 0, 0, Duration.ZERO, CountingMode.CONNECTIONS);

    static VisitorBehaviour draw(Randomness random) {
        if (random.chance(0.3)) {
            return SIMPLE;
        }
        return new VisitorBehaviour(
                random.one(List.of(0.5, 1.0)),
                random.one(List.of(0.2, 0.6, 0.9)),
                random.between(1, 3),
                random.one(List.of(0.0, 0.5)),
                0,
                random.one(List.of(LONG_TIMEOUT, LONG_TIMEOUT, Duration.ofSeconds(5))),
                random.one(List.of(CountingMode.values())));
    }

    VisitorBehaviour watching(double share) {
        return new VisitorBehaviour(named, reconnects, tabs, asks, share, visitTimeout, countingMode);
    }
}
