package io.github.visitorcounter.benchmark.scenario;

import java.util.Map;

/** The library's settings that scenarios change, as environment variables. */
public final class LibrarySettings {

    private static final String MESSAGES_PER_SECOND = "VISITOR_COUNTER_MESSAGES_PER_SECOND";
    private static final String MINIMUM_INTERVAL = "VISITOR_COUNTER_MINIMUM_INTERVAL_MILLIS";
    private static final String FAN_OUT_THRESHOLD = "VISITOR_COUNTER_FAN_OUT_THRESHOLD";

    private static final int DEFAULT_MESSAGES_PER_SECOND = 100;
    private static final int DEFAULT_MINIMUM_INTERVAL_MILLIS = 250;

    private LibrarySettings() {}

    /** The defaults in a world where everything happens this many times as fast. */
    public static Map<String, String> compressed(int factor) {
        return Map.of(
                MESSAGES_PER_SECOND, Integer.toString(DEFAULT_MESSAGES_PER_SECOND * factor),
                MINIMUM_INTERVAL, Integer.toString(DEFAULT_MINIMUM_INTERVAL_MILLIS / factor));
    }

    /** No pace and no fan-out: what one pass can do. */
    public static Map<String, String> unpaced() {
        return Map.of(MESSAGES_PER_SECOND, "10000", MINIMUM_INTERVAL, "0", FAN_OUT_THRESHOLD, "1000000");
    }
}
