package io.github.visitorcounter.internal.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes log lines in CloudWatch's embedded metric format, from which CloudWatch extracts metrics: one line for each
 * broadcast, each rejected connection (dimension {@code reason}), and each reconcile that found a problem. The JSON is
 * written field by field, which needs no {@code ObjectMapper}. Thread-safe.
 *
 * <p>CloudWatch bills each combination of metric and dimension. Metrics of broadcasts have the dimension
 * {@code counter}. Its value is the counter's id if the settings name the counter, and {@code *} for all counters that
 * a wildcard admits: visitors choose the ids of those, and must not be able to create metrics. The property
 * {@code counterId} always contains the id, for CloudWatch Logs Insights.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the
 *     format</a>
 */
public final class EmbeddedMetrics implements Metrics {

    private static final JsonFactory JSON = new JsonFactory();

    /** The dimension value of all counters that the settings do not name. No counter has this id. */
    private static final String UNNAMED = "*";

    private final String namespace;
    private final Set<String> named;
    private final TimeSource timeSource;
    private final Consumer<String> lines;

    /**
     * Creates the metrics.
     *
     * @param namespace the namespace of the metrics
     * @param named the ids of counters with metrics of their own; all other counters share one set
     * @param timeSource the clock
     * @param lines receives the lines; on Lambda, the standard output
     */
    public EmbeddedMetrics(String namespace, Set<String> named, TimeSource timeSource, Consumer<String> lines) {
        this.namespace = namespace;
        this.named = Set.copyOf(named);
        this.timeSource = timeSource;
        this.lines = lines;
    }

    private record Metric(String name, String unit, long value) {

        static Metric count(String name, long value) {
            return new Metric(name, "Count", value);
        }

        static Metric time(String name, Duration value) {
            return new Metric(name, "Milliseconds", value.toMillis());
        }
    }

    /** Writes the properties of a line, including the values of its dimensions. */
    private interface Properties {

        void write(JsonGenerator json) throws IOException;
    }

    @Override
    public void record(BroadcastReport report) {
        DeliveryStats tally = report.tally();
        List<Metric> metrics = new ArrayList<>(List.of(
                Metric.count("Audience", tally.audience()),
                Metric.count("Posts", tally.posts()),
                Metric.count("Delivered", tally.delivered()),
                Metric.count("Stale", tally.gone()),
                Metric.count("NotYetOpen", tally.notYetOpen()),
                Metric.count("Failed", tally.failed()),
                Metric.count("Removed", tally.removed()),
                Metric.count("Passes", report.passes()),
                Metric.time("Elapsed", report.elapsed())));
        if (report.changeAge() != null) {
            metrics.add(Metric.time("ChangeAge", report.changeAge()));
        }
        write(List.of("counter"), metrics, json -> {
            json.writeStringField("counter", named.contains(report.counterId()) ? report.counterId() : UNNAMED);
            json.writeStringField("counterId", report.counterId());
            json.writeStringField("outcome", report.outcome().name());
            json.writeNumberField("version", report.version());
        });
    }

    /**
     * The dimension is the reason, not the counter: clients choose the counter, and must not be able to create metrics.
     */
    @Override
    public void rejected(RejectionReason reason) {
        write(
                List.of("reason"),
                List.of(Metric.count("RejectedConnections", 1)),
                json -> json.writeStringField("reason", reason.word()));
    }

    /**
     * Writes metrics without a dimension, because a reconcile covers all counters. It omits zeros, so that an idle
     * stack has no metrics; alarms should treat missing data as not breaching.
     */
    @Override
    public void record(ReconcileReport report) {
        long drift = report.drifts().values().stream().mapToLong(Math::abs).sum();
        List<Metric> metrics = Stream.of(
                        Metric.count("Expired", report.expired()),
                        Metric.count("Suspects", report.suspects()),
                        Metric.count("Unanswered", report.unanswered()),
                        Metric.count("Repairs", report.drifts().size()),
                        Metric.count("Drift", drift),
                        Metric.count("Uncertain", report.uncertain()),
                        Metric.count("Restarted", report.restarted().size()),
                        Metric.count("Incomplete", report.complete() ? 0 : 1))
                .filter(metric -> metric.value() != 0)
                .toList();
        if (!metrics.isEmpty()) {
            write(List.of(), metrics, json -> {});
        }
    }

    private void write(List<String> dimensions, List<Metric> metrics, Properties properties) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            writeDirective(dimensions, metrics, json);
            properties.write(json);
            for (Metric metric : metrics) {
                json.writeNumberField(metric.name(), metric.value());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        lines.accept(line.toString());
    }

    private void writeDirective(List<String> dimensions, List<Metric> metrics, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("_aws");
        json.writeNumberField("Timestamp", timeSource.now().toEpochMilli());
        json.writeArrayFieldStart("CloudWatchMetrics");
        json.writeStartObject();
        json.writeStringField("Namespace", namespace);
        json.writeArrayFieldStart("Dimensions");
        json.writeArray(dimensions.toArray(String[]::new), 0, dimensions.size());
        json.writeEndArray();
        json.writeArrayFieldStart("Metrics");
        for (Metric metric : metrics) {
            json.writeStartObject();
            json.writeStringField("Name", metric.name());
            json.writeStringField("Unit", metric.unit());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }
}
