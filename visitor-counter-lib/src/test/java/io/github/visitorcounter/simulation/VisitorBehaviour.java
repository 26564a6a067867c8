package io.github.visitorcounter.simulation;

import io.github.visitorcounter.count.CountingMode;

import java.time.Duration;
import java.util.List;

/**
 * What visitors do, and what of it counts.
 *
 * @param named which share of the connections says to which visit and visitor it belongs
 * @param reconnects which share of the closed connections comes again, as the same visit
 * @param tabs how many connections a visitor has on average
 * @param asks which share of the pages asks for the count
 * @param visitTimeout how long after its end a visit goes on
 * @param countingMode what {@code live} counts
 */
record VisitorBehaviour(
        double named, double reconnects, int tabs, double asks, Duration visitTimeout, CountingMode countingMode) {

    /** No world lasts so long. */
    static final Duration LONG_WINDOW = Duration.ofHours(3);

    /** Everyone comes once. */
    static final VisitorBehaviour SIMPLE = new VisitorBehaviour(0, 0, 1, 0, Duration.ZERO, CountingMode.CONNECTIONS);

    static VisitorBehaviour draw(Randomness dice) {
        if (dice.chance(0.3)) {
            return SIMPLE;
        }
        return new VisitorBehaviour(
                dice.one(List.of(0.5, 1.0)),
                dice.one(List.of(0.2, 0.6, 0.9)),
                dice.between(1, 3),
                dice.one(List.of(0.0, 0.5)),
                dice.one(List.of(LONG_WINDOW, LONG_WINDOW, Duration.ofSeconds(5))),
                dice.one(List.of(CountingMode.values())));
    }
}
