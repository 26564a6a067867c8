package io.github.visitorcounter.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.broadcast.BroadcastMetrics;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.PassTally;
import io.github.visitorcounter.reconcile.ReconcileMetrics;
import io.github.visitorcounter.reconcile.ReconcileReport;
import io.github.visitorcounter.time.Timekeeper;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Writes one line for each broadcast and each run of the reconciling function in CloudWatch's embedded metric format, from which
 * CloudWatch makes metrics; those of broadcasts have the dimension {@code counter}. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the
 *     format</a>
 */
public final class EmbeddedMetrics implements BroadcastMetrics, ReconcileMetrics {

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

    @Override
    public void record(BroadcastReport report) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ObjectNode directive = directive(line);
        directive.putArray("Dimensions").addArray().add("counter");
        ArrayNode metrics = directive.putArray("Metrics");
        line.put("counter", report.counterId())
                .put("outcome", report.outcome().name())
                .put("version", report.version());
        PassTally tally = report.tally();
        count(line, metrics, "Audience", tally.audience());
        count(line, metrics, "Posts", tally.posts());
        count(line, metrics, "Delivered", tally.delivered());
        count(line, metrics, "Gone", tally.gone());
        count(line, metrics, "NotYetOpen", tally.notYetOpen());
        count(line, metrics, "Failed", tally.failed());
        count(line, metrics, "Removed", tally.removed());
        count(line, metrics, "Passes", report.passes());
        time(line, metrics, "Elapsed", report.elapsed());
        if (report.changeAge() != null) {
            time(line, metrics, "ChangeAge", report.changeAge());
        }
        lines.accept(line.toString());
    }

    /** A run of the reconciling function is about all counters: these metrics have no dimension. */
    @Override
    public void record(ReconcileReport report) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ObjectNode directive = directive(line);
        directive.putArray("Dimensions").addArray();
        ArrayNode metrics = directive.putArray("Metrics");
        count(line, metrics, "Counters", report.counters());
        count(line, metrics, "Connections", report.connections());
        count(line, metrics, "Expired", report.expired());
        count(line, metrics, "Probed", report.probed());
        count(line, metrics, "Ghosts", report.ghosts());
        count(line, metrics, "Unanswered", report.unanswered());
        count(line, metrics, "Repairs", report.drifts().size());
        count(
                line,
                metrics,
                "Drift",
                report.drifts().values().stream().mapToLong(Math::abs).sum());
        count(line, metrics, "Uncertain", report.uncertain());
        count(line, metrics, "Restarted", report.restarted().size());
        count(line, metrics, "Incomplete", report.complete() ? 0 : 1);
        time(line, metrics, "ReconcileElapsed", report.elapsed());
        lines.accept(line.toString());
    }

    private ObjectNode directive(ObjectNode line) {
        ObjectNode aws =
                line.putObject("_aws").put("Timestamp", timekeeper.now().toEpochMilli());
        return aws.putArray("CloudWatchMetrics").addObject().put("Namespace", namespace);
    }

    private static void count(ObjectNode line, ArrayNode metrics, String name, long value) {
        metrics.addObject().put("Name", name).put("Unit", "Count");
        line.put(name, value);
    }

    private static void time(ObjectNode line, ArrayNode metrics, String name, Duration value) {
        metrics.addObject().put("Name", name).put("Unit", "Milliseconds");
        line.put(name, value.toMillis());
    }
}
