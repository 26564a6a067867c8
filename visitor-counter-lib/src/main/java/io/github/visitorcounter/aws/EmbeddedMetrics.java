package io.github.visitorcounter.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.visitorcounter.broadcast.BroadcastMetrics;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.PassTally;
import io.github.visitorcounter.time.Timekeeper;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes one line for each broadcast in CloudWatch's embedded metric format, from which CloudWatch makes metrics with the
 * dimension {@code counter}. Written field by field: a tree's text would need an {@code ObjectMapper}. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the
 *     format</a>
 */
public final class EmbeddedMetrics implements BroadcastMetrics {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String[] DIMENSIONS = {"counter"};

    private final String namespace;
    private final Timekeeper timekeeper;
    private final Consumer<String> lines;

    /**
     * Creates the metrics.
     *
     * @param namespace CloudWatch's namespace
     * @param timekeeper tells the time
     * @param lines where lines go; on Lambda standard output, which keeps them as they are
     */
    public EmbeddedMetrics(String namespace, Timekeeper timekeeper, Consumer<String> lines) {
        this.namespace = namespace;
        this.timekeeper = timekeeper;
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

    @Override
    public void record(BroadcastReport report) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            write(report, metrics(report), json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        lines.accept(line.toString());
    }

    private static List<Metric> metrics(BroadcastReport report) {
        PassTally tally = report.tally();
        List<Metric> metrics = new ArrayList<>(List.of(
                Metric.count("Audience", tally.audience()),
                Metric.count("Posts", tally.posts()),
                Metric.count("Delivered", tally.delivered()),
                Metric.count("Gone", tally.gone()),
                Metric.count("NotYetOpen", tally.notYetOpen()),
                Metric.count("Failed", tally.failed()),
                Metric.count("Removed", tally.removed()),
                Metric.count("Passes", report.passes()),
                Metric.time("Elapsed", report.elapsed())));
        if (report.changeAge() != null) {
            metrics.add(Metric.time("ChangeAge", report.changeAge()));
        }
        return metrics;
    }

    private void write(BroadcastReport report, List<Metric> metrics, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("_aws");
        json.writeNumberField("Timestamp", timekeeper.now().toEpochMilli());
        json.writeArrayFieldStart("CloudWatchMetrics");
        json.writeStartObject();
        json.writeStringField("Namespace", namespace);
        json.writeArrayFieldStart("Dimensions");
        json.writeArray(DIMENSIONS, 0, DIMENSIONS.length);
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
        json.writeStringField("counter", report.counterId());
        json.writeStringField("outcome", report.outcome().name());
        json.writeNumberField("version", report.version());
        for (Metric metric : metrics) {
            json.writeNumberField(metric.name(), metric.value());
        }
        json.writeEndObject();
    }
}
