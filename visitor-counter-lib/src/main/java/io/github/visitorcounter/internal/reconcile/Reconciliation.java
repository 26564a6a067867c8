package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One run. It reconciles the counters batch by batch, so that only one batch is in memory, and saves after each batch
 * where the next one begins. A run that has no time for all counters is continued by the next run. Most sites have one
 * batch.
 */
final class Reconciliation {

    private final ReconcileRun run;
    private final Instant start;
    private final @Nullable ReconcileProgress resumed;
    private int counters;
    private long finished;
    private long connections;
    private int uncertain;

    /** Whether the table contains a saved progress. */
    private boolean hasProgress;

    Reconciliation(
            Reconciler.Settings settings,
            Reconciler.Ports ports,
            FailureLog failures,
            Deadline work,
            Deadline deadline) {
        this.run = ReconcileRun.begin(settings, ports, failures, work, deadline);
        this.start = ports.timeSource().now();
        this.resumed = ports.store().readProgress(deadline);
        this.hasProgress = resumed != null;
    }

    ReconcileReport run() {
        boolean complete = reconcile();
        return new ReconcileReport(
                counters,
                cycleCounters(),
                cycleStart(),
                connections,
                run.expired().removed(),
                run.prober().probed(),
                run.prober().suspects(),
                run.prober().unanswered(),
                Map.copyOf(run.drifts()),
                uncertain,
                List.copyOf(run.broadcasts().restarted()),
                run.unused().removed(),
                Duration.between(start, run.ports().timeSource().now()),
                complete);
    }

    /** Returns whether it reached the end of the table. */
    private boolean reconcile() {
        String cursor = resumed == null ? null : resumed.cursor();
        for (boolean isFirst = true; run.hasTime(); isFirst = false) {
            CounterBatch batch = CounterBatch.read(
                    run.ports().store(),
                    cursor,
                    run.settings().limits().counters(),
                    run.ports().timeSource(),
                    run.work(),
                    run.deadline());
            if (!reconcile(batch, isFirst)) {
                return false;
            }
            finished += batch.counters().size();
            cursor = batch.next();
            save(cursor);
            if (cursor == null) {
                return true;
            }
        }
        return false;
    }

    private boolean reconcile(CounterBatch batch, boolean isFirst) {
        if (batch.isEmpty() && !isFirst) {
            return true;
        }
        BatchReconciliation reconciliation = new BatchReconciliation(run, batch);
        // The oldest connections are the same for each batch.
        boolean complete = reconciliation.run(isFirst);
        counters += reconciliation.counters();
        connections = Math.max(connections, reconciliation.connections());
        uncertain += reconciliation.unverified();
        return complete;
    }

    private void save(@Nullable String cursor) {
        if (cursor != null) {
            run.ports()
                    .store()
                    .saveProgress(new ReconcileProgress(cursor, cycleCounters(), cycleStart()), run.deadline());
            hasProgress = true;
        } else if (hasProgress) {
            run.ports().store().clearProgress(run.deadline());
        }
    }

    private long cycleCounters() {
        return finished + (resumed == null ? 0 : resumed.counters());
    }

    private Instant cycleStart() {
        return resumed == null ? start : resumed.since();
    }
}
