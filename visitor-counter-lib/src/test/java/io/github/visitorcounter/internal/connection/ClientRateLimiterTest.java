package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.internal.connection.ClientRateLimiter.Verdict;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class ClientRateLimiterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final ClientRateLimiter rate = new ClientRateLimiter(2);

    @Test
    void minute_begins_with_its_first_message() {
        assertThat(rate.next("a", NOW)).isEqualTo(Verdict.ANSWER);
        assertThat(rate.next("a", NOW.plusSeconds(30))).isEqualTo(Verdict.ANSWER);
        assertThat(rate.next("a", NOW.plusSeconds(40))).isEqualTo(Verdict.WARN);
        assertThat(rate.next("a", NOW.plusSeconds(50))).isEqualTo(Verdict.DROP);
        assertThat(rate.next("a", NOW.plusSeconds(59))).isEqualTo(Verdict.DROP);
        assertThat(rate.next("a", NOW.plusSeconds(60))).isEqualTo(Verdict.ANSWER);
    }

    @Test
    void oldest_connection_is_dropped_above_the_maximum() {
        exhaust("first", NOW);
        exhaust("second", NOW.plusMillis(1));
        IntStream.range(2, ClientRateLimiter.MAX_CONNECTIONS)
                .forEach(i -> rate.next("crowd-" + i, NOW.plus(Duration.ofMillis(i))));
        assertThat(rate.next("first", NOW.plusSeconds(20))).isEqualTo(Verdict.DROP);

        rate.next("one-more", NOW.plusSeconds(21));

        assertThat(rate.next("second", NOW.plusSeconds(22))).isEqualTo(Verdict.DROP);
        assertThat(rate.next("first", NOW.plusSeconds(22))).isEqualTo(Verdict.ANSWER);
    }

    private void exhaust(String connectionId, Instant at) {
        for (int i = 0; i < 4; i++) {
            rate.next(connectionId, at);
        }
    }
}
