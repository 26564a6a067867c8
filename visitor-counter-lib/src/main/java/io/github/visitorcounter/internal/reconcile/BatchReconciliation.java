package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reconciles the counters of one batch: starts missed broadcasts, scans all connections, repairs the counters that are
 * provably wrong, rescans until each counter is verified or the number of scans is exhausted, and removes rows that are
 * not needed any more.
 *
 * <p>The drift of a counter can only be computed from a complete scan between two reads of the counter. A scan is
 * therefore never continued by another run: if time runs out before it is complete, no counter of the batch is
 * repaired, and the next run begins with this batch. Expired connections that the scan found are removed in any case.
 *
 * <p>The scan also reads connections of other counters. It collects a limited number of their ids, to find counters
 * whose row was lost and which are therefore in no batch. If one batch is the whole table, these are compared like the
 * others, as counters without a row.
 */
final class BatchReconciliation {

    /** The maximum of scans; counters that are still unverified then are left to a later run. */
    private static final int MAX_SCANS = 4;

    private final ReconcileRun run;
    private final CounterBatch batch;

    /** The counters that are not verified yet. */
    private Set<String> unverified = Set.of();

    /** The counters at zero without a connection in the first scan. */
    private List<CounterState> empty = List.of();

    /** Whether there were more lost counters than memory is reserved for. */
    private boolean truncated;

    private int counters;
    private long connections;

    BatchReconciliation(ReconcileRun run, CounterBatch batch) {
        this.run = run;
        this.batch = batch;
        this.counters = batch.counters().size();
    }

    /** Returns whether there was time to finish. */
    boolean run(boolean probes) {
        if (!run.broadcasts().restart(batch.counters().values(), run.work(), run.deadline())) {
            return false;
        }
        boolean complete = firstScan(probes);
        for (int scans = 1; complete && !unverified.isEmpty() && scans < MAX_SCANS; scans++) {
            Map<String, CounterState> before = run.ports().store().readCounters(unverified, run.deadline());
            ConnectionScan scan = new ConnectionScan(run.settings(), before.keySet(), 0);
            complete = scan(before, scan) && compare(before, scan, unverified);
            removeExpired(scan);
        }
        return complete && removeUnneeded() && !truncated;
    }

    private boolean firstScan(boolean probes) {
        Map<String, CounterState> before = batch.counters();
        ConnectionScan scan = new ConnectionScan(
                run.settings(), before.keySet(), run.settings().limits().unknown());
        boolean complete = scan(before, scan);
        if (complete) {
            Set<String> candidates = candidates(before, scan);
            Set<String> lost = lost(scan);
            complete = compare(before, scan, candidates);
            unverified.addAll(lost);
        }
        // Only after the second read of the counters, because this changes them.
        removeExpired(scan);
        connections = scan.connections();
        truncated = batch.isWhole() && scan.isTruncated();
        return !probes ? complete : run.prober().probe(scan.oldest(), run.work(), run.deadline()) && complete;
    }

    private boolean scan(Map<String, CounterState> before, ConnectionScan scan) {
        return new ConnectionScanner(run).scan(scan, buckets(before));
    }

    /** Returns the number of buckets of visits. Each bucket is scanned separately, so that its visits fit in memory. */
    private int buckets(Map<String, CounterState> before) {
        long live = before.values().stream()
                .mapToLong(state -> Math.max(0, state.count().live()))
                .sum();
        return ConnectionScan.buckets(run.settings(), live);
    }

    private void removeExpired(ConnectionScan scan) {
        run.expired().remove(scan.takeExpired(), run.deadline());
    }

    /** Returns all counters except those at zero without connections, which need no check. */
    private Set<String> candidates(Map<String, CounterState> before, ConnectionScan scan) {
        Set<String> all = new HashSet<>(before.keySet());
        empty = before.values().stream()
                .filter(state -> state.count().live() == 0
                        && scan.rows(state.count().counterId()).max() == 0)
                .toList();
        empty.forEach(state -> all.remove(state.count().counterId()));
        if (batch.isWhole() && !scan.isTruncated()) {
            all.addAll(scan.unknown());
            counters += scan.unknown().size();
        }
        return all;
    }

    /**
     * Returns counters with connections but without a row. They are compared only after a rescan, because they were not
     * read before this scan.
     */
    private Set<String> lost(ConnectionScan scan) {
        if (scan.unknown().isEmpty() || (batch.isWhole() && !scan.isTruncated())) {
            return Set.of();
        }
        Set<String> lost = run.ports().store().readCounters(scan.unknown(), run.deadline()).entrySet().stream()
                .filter(state -> state.getValue().equals(CounterState.none(state.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        counters += lost.size();
        return lost;
    }

    /** Computes the drift of the candidates, and repairs those that are provably wrong. */
    private boolean compare(Map<String, CounterState> before, ConnectionScan scan, Set<String> candidates) {
        Map<String, CounterState> after = run.ports().store().readCounters(candidates, run.deadline());
        unverified = new HashSet<>(candidates);
        for (CounterState state : after.values()) {
            if (!run.hasTime()) {
                return false;
            }
            String counterId = state.count().counterId();
            CounterState earlier = before.getOrDefault(counterId, CounterState.none(counterId));
            Drift drift = Drift.measured(earlier, scan.rows(counterId), state);
            if (drift != null && drift.isZero()) {
                unverified.remove(counterId);
            } else if (drift != null && drift.provable() != 0) {
                repair(state, drift.provable());
            }
        }
        return true;
    }

    /** A repaired counter stays unverified until the next scan. */
    private void repair(CounterState state, long drift) {
        String counterId = state.count().counterId();
        Repair repair = new Repair(state, drift, run.ports().timeSource().now());
        if (run.ports().store().repair(repair, run.deadline())) {
            run.drifts().merge(counterId, drift, Long::sum);
        }
    }

    /** Removes rows that are not needed any more. Does not change the count of a counter in use. */
    private boolean removeUnneeded() {
        List<ShardKey> strays = batch.shards().stream()
                .filter(row -> {
                    CounterState state = batch.counters().get(row.counterId());
                    return state == null || !row.name().equals(state.shards().name());
                })
                .toList();
        if (!strays.isEmpty()) {
            run.ports().store().closeStray(strays, run.ports().timeSource().now(), run.deadline());
        }
        return run.folding().fold(batch.counters().values(), run.work(), run.deadline())
                && run.unused().remove(empty, run.work(), run.deadline());
    }

    int counters() {
        return counters;
    }

    long connections() {
        return connections;
    }

    int unverified() {
        return unverified.size();
    }
}
