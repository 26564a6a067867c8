package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.time.Deadline;

import java.util.Map;
import java.util.TreeMap;

/**
 * The state that the batches of one run share.
 *
 * @param settings its limits
 * @param ports the services it uses
 * @param work when to start no new task
 * @param deadline when to give up
 * @param expired removes expired connections
 * @param prober probes the oldest connections
 * @param broadcasts starts missed broadcasts
 * @param folding folds quiet counters
 * @param unused removes unused counters
 * @param drifts the counters that were repaired, each with its drift
 */
record ReconcileRun(
        Reconciler.Settings settings,
        Reconciler.Ports ports,
        Deadline work,
        Deadline deadline,
        Removals expired,
        ConnectionProber prober,
        MissedBroadcasts broadcasts,
        Folding folding,
        UnusedCounters unused,
        Map<String, Long> drifts) {

    static ReconcileRun begin(
            Reconciler.Settings settings,
            Reconciler.Ports ports,
            FailureLog failures,
            Deadline work,
            Deadline deadline) {
        return new ReconcileRun(
                settings,
                ports,
                work,
                deadline,
                new Removals(ports.counters(), ports.timeSource()),
                new ConnectionProber(ports, failures),
                new MissedBroadcasts(ports, settings.watchers(), settings.format()),
                new Folding(ports, settings.liveLimits()),
                new UnusedCounters(ports, settings),
                new TreeMap<>());
    }

    boolean hasTime() {
        return !work.hasPassed(ports.timeSource().now());
    }
}
