package io.github.visitorcounter.internal.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.reconcile.ReconcileReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddedMetricsTest {

    @Test
    void a_broadcast_is_one_line_of_metrics() throws Exception {
        List<String> lines = new ArrayList<>();
        BroadcastReport report = new BroadcastReport(
                "site",
                Outcome.SENT,
                981,
                1,
                new DeliveryStats(12, 10, 1, 0, 1, 1, 14),
                Duration.ofMillis(340),
                Duration.ofMillis(95));

        new EmbeddedMetrics("Visitors", Set.of("site"), new ManualTimeSource(), lines::add).record(report);

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(lines).hasSize(1);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Namespace").textValue()).isEqualTo("Visitors");
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions/0/0").textValue())
                .isEqualTo("counter");
        assertThat(line.get("counter").textValue()).isEqualTo("site");
        assertThat(line.get("Delivered").intValue()).isEqualTo(10);
        assertThat(line.get("Stale").intValue()).isEqualTo(1);
        assertThat(line.get("ChangeAge").intValue()).isEqualTo(340);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics")).isNotEmpty().allSatisfy(metric -> assertThat(
                        line.get(metric.get("Name").textValue()).isNumber())
                .isTrue());
    }

    /** Each value of a dimension is billed as ten metrics, and visitors choose the ids that a wildcard admits. */
    @Test
    void counters_of_a_wildcard_share_metrics() throws Exception {
        List<String> lines = new ArrayList<>();
        EmbeddedMetrics metrics =
                new EmbeddedMetrics("Visitors", Set.of("site", "page:*"), new ManualTimeSource(), lines::add);

        for (int i = 0; i < 1_000; i++) {
            metrics.record(broadcast("page:/" + i));
        }
        metrics.record(broadcast("site"));

        Set<String> dimensions = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        for (String text : lines) {
            JsonNode line = new ObjectMapper().readTree(text);
            dimensions.add(line.get("counter").textValue());
            ids.add(line.get("counterId").textValue());
        }
        assertThat(dimensions).containsExactly("*", "site");
        assertThat(ids).hasSize(1_001).contains("page:/999");
    }

    private static BroadcastReport broadcast(String counterId) {
        return new BroadcastReport(
                counterId,
                Outcome.SENT,
                981,
                1,
                new DeliveryStats(12, 10, 1, 0, 1, 1, 14),
                Duration.ofMillis(340),
                Duration.ofMillis(95));
    }

    @Test
    void a_reconcile_is_one_line_of_its_problems() throws Exception {
        List<String> lines = new ArrayList<>();
        ReconcileReport report = new ReconcileReport(
                2,
                7,
                Instant.EPOCH,
                40,
                3,
                30,
                0,
                1,
                Map.of("site", 5L, "news", -2L),
                1,
                List.of("site"),
                0,
                Duration.ofMillis(95),
                false);

        metrics(lines).record(report);

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(lines).hasSize(1);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString()).isEqualTo("[[]]");
        assertThat(line.get("Drift").intValue()).isEqualTo(7);
        assertThat(line.get("Repairs").intValue()).isEqualTo(2);
        assertThat(line.get("Incomplete").intValue()).isEqualTo(1);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics")).hasSize(7).allSatisfy(metric -> assertThat(
                        line.get(metric.get("Name").textValue()).intValue())
                .isPositive());
    }

    /** Reconcile runs every five minutes: its metrics would be billed for an idle stack. */
    @Test
    void a_reconcile_without_problems_writes_nothing() {
        List<String> lines = new ArrayList<>();

        metrics(lines)
                .record(new ReconcileReport(
                        2, 2, Instant.EPOCH, 40, 0, 30, 0, 0, Map.of(), 0, List.of(), 0, Duration.ofMillis(95), true));

        assertThat(lines).isEmpty();
    }

    /** The alarm for 503 and the dashboard read this metric by its dimension. */
    @ParameterizedTest
    @EnumSource(RejectionReason.class)
    void a_rejected_connection_has_only_the_dimension_reason(RejectionReason reason) throws Exception {
        List<String> lines = new ArrayList<>();

        metrics(lines).rejected(reason);

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(lines).hasSize(1);
        assertThat(line.at("/_aws/CloudWatchMetrics").toString())
                .isEqualTo("[{\"Namespace\":\"Visitors\",\"Dimensions\":[[\"reason\"]],"
                        + "\"Metrics\":[{\"Name\":\"RejectedConnections\",\"Unit\":\"Count\"}]}]");
        assertThat(line.at("/_aws/Timestamp").longValue())
                .isEqualTo(new ManualTimeSource().now().toEpochMilli());
        assertThat(line.get("reason").textValue())
                .isEqualTo(reason.word())
                .isEqualTo(reason.name().toLowerCase(Locale.ROOT));
        assertThat(line.get("RejectedConnections").intValue()).isEqualTo(1);
        assertThat(line.size()).isEqualTo(3);
    }

    private static EmbeddedMetrics metrics(List<String> lines) {
        return new EmbeddedMetrics("Visitors", Set.of("site"), new ManualTimeSource(), lines::add);
    }
}
