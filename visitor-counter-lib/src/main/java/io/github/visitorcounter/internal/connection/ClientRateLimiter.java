package io.github.visitorcounter.internal.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits the messages of each connection per minute. The minute begins with its first message.
 *
 * <p>The limit is approximate and needs no external call: each instance of the function counts separately, and beyond
 * {@value #MAX_CONNECTIONS} connections it drops the one whose minute began first. Not thread-safe.
 */
public final class ClientRateLimiter {

    /** What to do with a message. */
    public enum Verdict {
        /** The message is answered. */
        ANSWER,
        /** The first message above the limit: it is answered with an error frame. */
        WARN,
        /** Another message above the limit: it is not answered. */
        DROP
    }

    /** Limits the memory to a few megabytes. */
    static final int MAX_CONNECTIONS = 10_000;

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<String, Window> windows = new LinkedHashMap<>();
    private final int perMinute;

    private record Window(Instant end, int messages) {}

    /**
     * Creates a limiter.
     *
     * @param perMinute how many messages of a connection are answered in a minute
     */
    public ClientRateLimiter(int perMinute) {
        this.perMinute = perMinute;
    }

    /**
     * Counts a message.
     *
     * @param connectionId the sender
     * @param now the current time
     * @return what to do with the message
     */
    public Verdict next(String connectionId, Instant now) {
        Window window = windows.get(connectionId);
        if (window == null || !now.isBefore(window.end())) {
            // Removed first, so that the map stays in the order in which the minutes began.
            windows.remove(connectionId);
            window = new Window(now.plus(WINDOW), 0);
        }
        int messages = Math.min(window.messages(), perMinute + 1) + 1;
        windows.put(connectionId, new Window(window.end(), messages));
        if (windows.size() > MAX_CONNECTIONS) {
            windows.remove(windows.keySet().iterator().next());
        }
        if (messages <= perMinute) {
            return Verdict.ANSWER;
        }
        return messages == perMinute + 1 ? Verdict.WARN : Verdict.DROP;
    }
}
