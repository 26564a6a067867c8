package io.github.visitorcounter.simulation;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.count.CountingMode;

import java.time.Duration;
import java.util.List;

/**
 * The behaviour of visitors, the counting mode, and what visitors see.
 *
 * @param named the share of connections that send a visit and a visitor id
 * @param reconnects the share of closed connections that reconnect in the same visit
 * @param tabs the average number of connections per visitor
 * @param asks the share of pages that request the count
 * @param watches the share of pages that only watch
 * @param visitTimeout how long after its last disconnect a visit can be resumed
 * @param countingMode what {@code live} counts
 * @param format the messages with a count
 */
record VisitorBehaviour(
        double named,
        double reconnects,
        int tabs,
        double asks,
        double watches,
        Duration visitTimeout,
        CountingMode countingMode,
        MessageFormat format) {

    /** Longer than any run. */
    static final Duration LONG_TIMEOUT = Duration.ofHours(3);

    /** Every visitor connects once. */
    static final VisitorBehaviour SIMPLE = simple(MessageFormat.JSON);

    private static VisitorBehaviour simple(MessageFormat format) {
        return new VisitorBehaviour(0, 0, 1, 0, 0, Duration.ZERO, CountingMode.CONNECTIONS, format);
    }

    /** Every visitor connects once, and sees numbers of any format. */
    static VisitorBehaviour drawSimple(Randomness random) {
        return simple(drawFormat(random));
    }

    /** Every visitor reloads the page many times, within a visit. */
    static VisitorBehaviour drawReloading(Randomness random) {
        return new VisitorBehaviour(
                1,
                0.85,
                1,
                random.one(List.of(0.0, 0.5)),
                0,
                LONG_TIMEOUT,
                CountingMode.CONNECTIONS,
                random.one(List.of(MessageFormat.JSON, CoarseFormat.INSTANCE)));
    }

    private static MessageFormat drawFormat(Randomness random) {
        return random.one(List.of(
                MessageFormat.JSON, MessageFormat.JSON, CoarseFormat.INSTANCE, RoundedMessageFormat.instance()));
    }

    boolean seesExactNumbers() {
        return format == MessageFormat.JSON;
    }

    static VisitorBehaviour draw(Randomness random) {
        if (random.chance(0.3)) {
            return drawSimple(random);
        }
        return new VisitorBehaviour(
                random.one(List.of(0.5, 1.0)),
                random.one(List.of(0.2, 0.6, 0.9)),
                random.between(1, 3),
                random.one(List.of(0.0, 0.5)),
                0,
                random.one(List.of(LONG_TIMEOUT, LONG_TIMEOUT, Duration.ofSeconds(5))),
                random.one(List.of(CountingMode.values())),
                drawFormat(random));
    }

    VisitorBehaviour watching(double share) {
        return new VisitorBehaviour(named, reconnects, tabs, asks, share, visitTimeout, countingMode, format);
    }
}
