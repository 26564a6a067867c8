package io.github.visitorcounter.benchmark.scenario;

import java.util.Map;

import static io.github.visitorcounter.VisitorCounterConfig.BROADCAST_MESSAGES_PER_SECOND;
import static io.github.visitorcounter.VisitorCounterConfig.DISCONNECT_DEBOUNCE;
import static io.github.visitorcounter.VisitorCounterConfig.FAN_OUT_THRESHOLD;
import static io.github.visitorcounter.VisitorCounterConfig.MIN_BROADCAST_INTERVAL;

/** The library's settings that scenarios change, as environment variables. */
public final class LibrarySettings {

    private static final int DEFAULT_MESSAGES_PER_SECOND = 100;
    private static final int DEFAULT_MINIMUM_INTERVAL_MILLIS = 250;

    private LibrarySettings() {}

    /** The defaults in a world where everything happens this many times as fast; wake-ups keep their window of a second. */
    public static Map<String, String> compressed(int factor) {
        return Map.of(
                BROADCAST_MESSAGES_PER_SECOND, Integer.toString(DEFAULT_MESSAGES_PER_SECOND * factor),
                MIN_BROADCAST_INTERVAL, Integer.toString(DEFAULT_MINIMUM_INTERVAL_MILLIS / factor));
    }

    /** No budget, no debounce and no fan-out: what one pass can do. */
    public static Map<String, String> unpaced() {
        return Map.of(
                BROADCAST_MESSAGES_PER_SECOND,
                "10000",
                MIN_BROADCAST_INTERVAL,
                "0",
                DISCONNECT_DEBOUNCE,
                "false",
                FAN_OUT_THRESHOLD,
                "1000000");
    }
}
