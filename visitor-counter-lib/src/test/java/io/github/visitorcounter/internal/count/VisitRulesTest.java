package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.count.CountingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class VisitRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(10_000);

    @ParameterizedTest
    @CsvSource({
        "CONNECTIONS, 1800, v-1, x-1, v-1",
        "CONNECTIONS, 1800,    , x-1,    ",
        "CONNECTIONS,    0, v-1, x-1,    ",
        "VISITORS,    1800, v-1, x-1, x-1",
        "VISITORS,    1800, v-1,    , v-1",
        "VISITORS,       0, v-1, x-1, x-1",
        "VISITORS,       0, v-1,    , v-1",
        "VISITORS,       0,    ,    ,    "
    })
    void connection_is_counted_by_visitor_visit_or_itself(
            CountingMode countingMode, long windowSeconds, String visit, String visitor, String key) {
        Map<String, String> query = new HashMap<>();
        if (visit != null) {
            query.put("visit", visit);
        }
        if (visitor != null) {
            query.put("visitor", visitor);
        }

        assertThat(new VisitRules(Duration.ofSeconds(windowSeconds), countingMode)
                        .keyOf(new ConnectRequest("id=", NOW, query, Map.of(), "192.0.2.1", Map.of())))
                .isEqualTo(key);
    }

    @Test
    void without_timeout_a_visit_ends_with_its_last_connection() {
        VisitRules rules = new VisitRules(Duration.ZERO, CountingMode.VISITORS);

        assertThat(rules.start(new Visit(1, null, LATER), NOW)).isEqualTo(VisitStart.CONCURRENT);
        assertThat(rules.start(new Visit(0, NOW, LATER), NOW)).isEqualTo(VisitStart.NEW);
    }

    @Test
    void end_noticed_after_the_next_start_is_kept() {
        VisitRules rules = new VisitRules(Duration.ofMinutes(30), CountingMode.CONNECTIONS);

        assertThat(rules.start(new Visit(0, NOW.plusSeconds(3), LATER), NOW)).isEqualTo(VisitStart.RESUMED);
    }
}
