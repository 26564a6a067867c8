package io.github.visitorcounter.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.PassTally;
import io.github.visitorcounter.reconcile.ReconcileReport;
import io.github.visitorcounter.testing.ManualTimekeeper;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddedMetricsTest {

    @Test
    void a_broadcast_is_one_line_whose_every_metric_has_a_value() throws Exception {
        List<String> lines = new ArrayList<>();
        BroadcastReport report = new BroadcastReport(
                "site",
                Outcome.SENT,
                981,
                1,
                new PassTally(12, 10, 1, 0, 1, 1, 14),
                Duration.ofMillis(340),
                Duration.ofMillis(95));

        new EmbeddedMetrics("Visitors", new ManualTimekeeper(), lines::add).record(report);

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(lines).hasSize(1);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Namespace").textValue()).isEqualTo("Visitors");
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions/0/0").textValue())
                .isEqualTo("counter");
        assertThat(line.get("counter").textValue()).isEqualTo("site");
        assertThat(line.get("Delivered").intValue()).isEqualTo(10);
        assertThat(line.get("ChangeAge").intValue()).isEqualTo(340);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics")).isNotEmpty().allSatisfy(metric -> assertThat(
                        line.get(metric.get("Name").textValue()).isNumber())
                .isTrue());
    }

    @Test
    void a_run_of_the_reconciling_function_is_one_line_whose_every_metric_has_a_value() throws Exception {
        List<String> lines = new ArrayList<>();
        ReconcileReport report = new ReconcileReport(
                2, 40, 3, 30, 4, 1, Map.of("site", 5L, "news", -2L), 1, List.of("site"), Duration.ofMillis(95), false);

        new EmbeddedMetrics("Visitors", new ManualTimekeeper(), lines::add).record(report);

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(lines).hasSize(1);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString()).isEqualTo("[[]]");
        assertThat(line.get("Drift").intValue()).isEqualTo(7);
        assertThat(line.get("Repairs").intValue()).isEqualTo(2);
        assertThat(line.get("Incomplete").intValue()).isEqualTo(1);
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics")).hasSize(12).allSatisfy(metric -> assertThat(
                        line.get(metric.get("Name").textValue()).isNumber())
                .isTrue());
    }
}
