package io.github.visitorcounter.benchmark.scenario;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import static io.github.visitorcounter.Setting.BROADCAST_MESSAGES_PER_SECOND;
import static io.github.visitorcounter.Setting.DISCONNECT_DEBOUNCE;
import static io.github.visitorcounter.Setting.FAN_OUT_THRESHOLD;
import static io.github.visitorcounter.Setting.MIN_BROADCAST_INTERVAL;

/** The library's settings that scenarios change, as environment variables. */
public final class LibrarySettings {

    private LibrarySettings() {}

    /** The defaults for time compressed by a factor; wake-ups keep their window of a second. */
    public static Map<String, String> compressed(int factor) {
        int messages = BROADCAST_MESSAGES_PER_SECOND.defaultValue().orElseThrow() * factor;
        Duration interval = MIN_BROADCAST_INTERVAL.defaultValue().orElseThrow().dividedBy(factor);
        return Map.of(
                BROADCAST_MESSAGES_PER_SECOND.variable(), BROADCAST_MESSAGES_PER_SECOND.format(messages),
                MIN_BROADCAST_INTERVAL.variable(),
                        MIN_BROADCAST_INTERVAL.format(interval.truncatedTo(ChronoUnit.MILLIS)));
    }

    /** Without budget, debounce and fan-out: the throughput of one pass. */
    public static Map<String, String> unpaced() {
        return Map.of(
                BROADCAST_MESSAGES_PER_SECOND.variable(),
                "10000",
                MIN_BROADCAST_INTERVAL.variable(),
                "0",
                DISCONNECT_DEBOUNCE.variable(),
                "false",
                FAN_OUT_THRESHOLD.variable(),
                "1000000");
    }
}
