package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reconciles the counters of one batch: starts missed broadcasts, scans all connections, repairs the counters that are wrong for
 * certain, scans again until each is known to be right or has been too busy, and removes rows that are not needed any more.
 *
 * <p>What is known of a counter's drift needs a whole scan between two readings of the counter. So a scan is never continued by
 * another run: when the time is over before it is whole, no counter of the batch is repaired, and the next run begins with this
 * batch. Expired connections that the scan met are removed in any case.
 *
 * <p>The scan meets counters of other batches too. Of those it keeps a limited number of ids, to find counters whose row was lost:
 * they are in no batch. Where one batch is the whole table, they are judged like the others, as counters without a row.
 */
final class BatchReconciliation {

    /** How often all rows are read at most; what is still not certain then is left to a quieter moment. */
    private static final int MAX_LOOKS = 4;

    private final ReconcileRun run;
    private final CounterBatch batch;

    /** The counters that are not known to be right. */
    private Set<String> unsettled = Set.of();

    /** Those at zero, of which the first scan saw no row. */
    private List<CounterState> empty = List.of();

    /** Whether there were more lost counters than fit in memory. */
    private boolean leftOut;

    private int counters;
    private long connections;

    BatchReconciliation(ReconcileRun run, CounterBatch batch) {
        this.run = run;
        this.batch = batch;
        this.counters = batch.counters().size();
    }

    /** Returns whether there was time for all of it. */
    boolean run(boolean probes) {
        if (!run.broadcasts().restart(batch.counters().values(), run.work(), run.deadline())) {
            return false;
        }
        boolean complete = firstLook(probes);
        for (int look = 1; complete && !unsettled.isEmpty() && look < MAX_LOOKS; look++) {
            Map<String, CounterState> before = run.ports().store().readCounters(unsettled, run.deadline());
            ConnectionScan scan = new ConnectionScan(run.settings(), before.keySet(), 0);
            complete = look(before, scan) && judge(before, scan, unsettled);
            removeExpired(scan);
        }
        return complete && tidy() && !leftOut;
    }

    private boolean firstLook(boolean probes) {
        Map<String, CounterState> before = batch.counters();
        ConnectionScan scan = new ConnectionScan(
                run.settings(), before.keySet(), run.settings().limits().unknown());
        boolean complete = look(before, scan);
        if (complete) {
            Set<String> inQuestion = inQuestion(before, scan);
            Set<String> lost = lost(scan);
            complete = judge(before, scan, inQuestion);
            unsettled.addAll(lost);
        }
        // Only after the counters were read for the second time: this changes them.
        removeExpired(scan);
        connections = scan.connections();
        leftOut = batch.isWhole() && scan.hasLeftOut();
        return !probes ? complete : run.prober().probe(scan.oldest(), run.work(), run.deadline()) && complete;
    }

    private boolean look(Map<String, CounterState> before, ConnectionScan scan) {
        return new ConnectionScanner(run).scan(scan, buckets(before));
    }

    /** Into how many parts the visits are divided, each with a scan of its own, so that those of one part fit in memory. */
    private int buckets(Map<String, CounterState> before) {
        long live = before.values().stream()
                .mapToLong(state -> Math.max(0, state.count().live()))
                .sum();
        return ConnectionScan.buckets(run.settings(), live);
    }

    private void removeExpired(ConnectionScan scan) {
        run.expired().remove(scan.takeExpired(), run.deadline());
    }

    /** All counters, except those that are at zero and have no rows: nothing is known to be wrong with them. */
    private Set<String> inQuestion(Map<String, CounterState> before, ConnectionScan scan) {
        Set<String> all = new HashSet<>(before.keySet());
        empty = before.values().stream()
                .filter(state -> state.count().live() == 0
                        && scan.rows(state.count().counterId()).most() == 0)
                .toList();
        empty.forEach(state -> all.remove(state.count().counterId()));
        if (batch.isWhole() && !scan.hasLeftOut()) {
            all.addAll(scan.unknown());
            counters += scan.unknown().size();
        }
        return all;
    }

    /** Counters with connections and without a row, where that is not certain yet: they were not read before the scan. */
    private Set<String> lost(ConnectionScan scan) {
        if (scan.unknown().isEmpty() || (batch.isWhole() && !scan.hasLeftOut())) {
            return Set.of();
        }
        Set<String> lost = run.ports().store().readCounters(scan.unknown(), run.deadline()).entrySet().stream()
                .filter(state -> state.getValue().equals(CounterState.none(state.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        counters += lost.size();
        return lost;
    }

    /** Measures some counters, and repairs what is wrong for certain. */
    private boolean judge(Map<String, CounterState> before, ConnectionScan scan, Set<String> inQuestion) {
        Map<String, CounterState> after = run.ports().store().readCounters(inQuestion, run.deadline());
        unsettled = new HashSet<>(inQuestion);
        for (CounterState state : after.values()) {
            if (!run.hasTime()) {
                return false;
            }
            String counterId = state.count().counterId();
            CounterState earlier = before.getOrDefault(counterId, CounterState.none(counterId));
            Drift drift = Drift.measured(earlier, scan.rows(counterId), state);
            if (drift != null && drift.isZero()) {
                unsettled.remove(counterId);
            } else if (drift != null && drift.certain() != 0) {
                repair(state, drift.certain());
            }
        }
        return true;
    }

    /** A repaired counter stays unsettled: the next look sees whether it is right now. */
    private void repair(CounterState state, long drift) {
        String counterId = state.count().counterId();
        Repair repair = new Repair(state, drift, run.ports().timeSource().now());
        if (run.ports().store().repair(repair, run.deadline())) {
            run.drifts().merge(counterId, drift, Long::sum);
        }
    }

    /** Takes rows away that are not needed any more. Changes no number of a counter that is used. */
    private boolean tidy() {
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

    int uncertain() {
        return unsettled.size();
    }
}
