package io.github.visitorcounter.embeddedstack.dynamodb;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The {@code ClientRequestToken}s of transactions that are ongoing, and of those that completed within the last ten
 * minutes: such a transaction is not run again. Not thread-safe.
 */
final class RequestTokens {

    private static final Duration IDEMPOTENCY = Duration.ofMinutes(10);

    private final Clock clock;
    private final Set<String> ongoing = new HashSet<>();
    private final Map<String, Instant> completed = new LinkedHashMap<>();

    RequestTokens(Clock clock) {
        this.clock = clock;
    }

    /** The state of a token. An empty token stands for a request without one. */
    enum State {
        NEW,
        ONGOING,
        COMPLETED
    }

    State state(String token) {
        if (ongoing.contains(token)) {
            return State.ONGOING;
        }
        Instant at = completed.get(token);
        return at != null && at.plus(IDEMPOTENCY).isAfter(clock.instant()) ? State.COMPLETED : State.NEW;
    }

    void begin(String token) {
        if (!token.isEmpty()) {
            ongoing.add(token);
        }
    }

    void end(String token, boolean committed) {
        if (ongoing.remove(token) && committed) {
            completed.remove(token); // Moves it to the end: it is the newest again.
            completed.put(token, clock.instant());
        }
        Instant oldest = clock.instant().minus(IDEMPOTENCY);
        Iterator<Instant> times = completed.values().iterator();
        while (times.hasNext() && times.next().isBefore(oldest)) {
            times.remove();
        }
    }
}
