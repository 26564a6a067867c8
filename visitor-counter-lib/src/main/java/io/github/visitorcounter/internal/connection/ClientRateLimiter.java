package io.github.visitorcounter.internal.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the messages of each connection in its current minute, which begins with the first of them.
 *
 * <p>Approximate, because it is free: it knows what this instance of the function has seen, so that several instances allow as
 * many each, and it forgets the connection whose minute began first when there are more than {@value #MOST_CONNECTIONS}. For
 * one thread.
 */
public final class ClientRateLimiter {

    /** What to do with a message. */
    public enum Verdict {
        /** It is answered. */
        ANSWER,
        /** It is the first one too many: the page is told. */
        TELL,
        /** The page has been told. */
        IGNORE
    }

    /** A few megabytes. */
    static final int MOST_CONNECTIONS = 10_000;

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<String, Window> windows = new LinkedHashMap<>();
    private final int perMinute;

    private record Window(Instant end, int messages) {}

    /**
     * Creates a limit.
     *
     * @param perMinute how many messages of a connection are answered in a minute
     */
    public ClientRateLimiter(int perMinute) {
        this.perMinute = perMinute;
    }

    /**
     * Counts a message.
     *
     * @param connectionId whose
     * @param now the current time
     * @return what to do with it
     */
    public Verdict next(String connectionId, Instant now) {
        Window window = windows.get(connectionId);
        if (window == null || !now.isBefore(window.end())) {
            // Removed before it is put, so that the map stays in the order in which the minutes began.
            windows.remove(connectionId);
            window = new Window(now.plus(WINDOW), 0);
        }
        int messages = Math.min(window.messages(), perMinute + 1) + 1;
        windows.put(connectionId, new Window(window.end(), messages));
        if (windows.size() > MOST_CONNECTIONS) {
            windows.remove(windows.keySet().iterator().next());
        }
        if (messages <= perMinute) {
            return Verdict.ANSWER;
        }
        return messages == perMinute + 1 ? Verdict.TELL : Verdict.IGNORE;
    }
}
