package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The log lines of reports. A field that is also a metric has the name of the metric, with a lower-case first letter.
 */
public final class ReportLines {

    /** Limits the number of lines: a restored table may have thousands of counters to repair. */
    private static final int MAX_COUNTERS = 50;

    private ReportLines() {}

    /**
     * Returns the line of a broadcast.
     *
     * @param report its report
     * @return the line
     */
    public static LogLine broadcast(BroadcastReport report) {
        boolean isUndelivered = report.outcome() == Outcome.UNDELIVERED;
        LogLine line = (isUndelivered ? LogLine.warn("Broadcast") : LogLine.info("Broadcast"))
                .with("counterId", report.counterId())
                .with("outcome", report.outcome().name())
                .with("version", report.version());
        line = deliveries(line, report.tally()).with("passes", report.passes());
        if (report.changeAge() != null) {
            line = line.with("changeAgeMillis", report.changeAge().toMillis());
        }
        return line.with("elapsedMillis", report.elapsed().toMillis());
    }

    /**
     * Returns the line of one segment of a broadcast. The line of the broadcast includes its deliveries.
     *
     * @param request the request
     * @param report its report
     * @param elapsed its duration
     * @return the line
     */
    public static LogLine segment(SegmentRequest request, SegmentReport report, Duration elapsed) {
        LogLine line = LogLine.info("Segment")
                .with("counterId", request.counterId())
                .with("segment", request.segment())
                .with("segments", request.totalSegments());
        return deliveries(line, report.tally()).with("elapsedMillis", elapsed.toMillis());
    }

    private static LogLine deliveries(LogLine line, DeliveryStats tally) {
        return line.with("audience", tally.audience())
                .with("delivered", tally.delivered())
                .with("stale", tally.gone())
                .with("notYetOpen", tally.notYetOpen())
                .with("failed", tally.failed())
                .with("removed", tally.removed())
                .with("posts", tally.posts());
    }

    /**
     * Returns the lines of a reconcile: one for the run, and one for each of the first counters that it repaired or
     * whose broadcast it restarted.
     *
     * @param report its report
     * @return the lines
     */
    public static List<LogLine> reconcile(ReconcileReport report) {
        List<LogLine> lines = new ArrayList<>();
        lines.add(LogLine.info("Reconcile")
                .at(report.complete() ? LogLevel.INFO : LogLevel.WARN)
                .with("complete", report.complete())
                .with("counters", report.counters())
                .with("connections", report.connections())
                .with("expired", report.expired())
                .with("probed", report.probed())
                .with("suspects", report.suspects())
                .with("unanswered", report.unanswered())
                .with("repairs", report.drifts().size())
                .with(
                        "drift",
                        report.drifts().values().stream().mapToLong(Math::abs).sum())
                .with("uncertain", report.uncertain())
                .with("restarted", report.restarted().size())
                .with("removedCounters", report.removedCounters())
                .with("cycleCounters", report.cycleCounters())
                .with("cycleStart", report.cycleStart().toString())
                .with("elapsedMillis", report.elapsed().toMillis()));
        report.drifts().entrySet().stream()
                .limit(MAX_COUNTERS)
                .forEach(drift -> lines.add(LogLine.warn("Repaired counter")
                        .with("counterId", drift.getKey())
                        .with("drift", drift.getValue())));
        report.restarted().stream()
                .limit(MAX_COUNTERS)
                .forEach(counterId ->
                        lines.add(LogLine.warn("Restarted broadcast").with("counterId", counterId)));
        return lines;
    }
}
