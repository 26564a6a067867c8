package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One run: looks at all rows, counts out those that have expired and those that the gateway does not know any more, repairs the
 * counters that are wrong for certain, looks again until each is known to be right or has been too busy, and sees to it that the
 * last change of each is told.
 */
final class Reconciliation {

    /** How often all rows are read at most; what is still not certain then is left to a quieter moment. */
    private static final int MOST_LOOKS = 4;

    private final Reconciler.Settings settings;
    private final Reconciler.Ports ports;
    private final Deadline work;
    private final Deadline deadline;
    private final Instant start;
    private final Removals expired;
    private final ConnectionProber probing;
    private final Map<String, Long> drifts = new TreeMap<>();
    private final MissedBroadcasts broadcasts;

    /** The further rows of counters. */
    private final List<ShardKey> shards = new ArrayList<>();

    /** The counters that are not known to be right. */
    private Set<String> unsettled = Set.of();

    private int counters;
    private long connections;

    Reconciliation(
            Reconciler.Settings settings,
            Reconciler.Ports ports,
            FailureLog failures,
            Deadline work,
            Deadline deadline) {
        this.settings = settings;
        this.ports = ports;
        this.work = work;
        this.deadline = deadline;
        this.start = ports.timeSource().now();
        this.expired = new Removals(ports.counters(), ports.timeSource());
        this.probing = new ConnectionProber(ports, failures);
        this.broadcasts = new MissedBroadcasts(ports);
    }

    ReconcileReport run() {
        boolean complete = heal();
        return new ReconcileReport(
                counters,
                connections,
                expired.removed(),
                probing.probed(),
                probing.suspects(),
                probing.unanswered(),
                Map.copyOf(drifts),
                unsettled.size(),
                List.copyOf(broadcasts.restarted()),
                Duration.between(start, ports.timeSource().now()),
                complete);
    }

    /** Returns whether there was time for all of it. */
    private boolean heal() {
        Map<String, CounterState> before = new HashMap<>();
        if (!readAllCounters(before) || !broadcasts.restart(before.values(), work, deadline)) {
            return false;
        }
        ConnectionScan census = new ConnectionScan(settings);
        boolean complete = look(before, census);
        connections = census.connections();
        complete &= probing.probe(census.oldest(), work, deadline);
        for (int look = 1; complete && !unsettled.isEmpty() && look < MOST_LOOKS; look++) {
            complete = look(ports.store().readCounters(unsettled, deadline), new ConnectionScan(settings));
        }
        return complete && tidy(before);
    }

    /** Takes rows away that are not needed any more. Changes no number. */
    private boolean tidy(Map<String, CounterState> counters) {
        List<ShardKey> strays = shards.stream()
                .filter(row -> {
                    CounterState state = counters.get(row.counterId());
                    return state == null || !row.name().equals(state.shards().name());
                })
                .toList();
        if (!strays.isEmpty()) {
            ports.store().closeStray(strays, ports.timeSource().now(), deadline);
        }
        return new Folding(ports, settings.maxLive()).fold(counters.values(), work, deadline);
    }

    private boolean readAllCounters(Map<String, CounterState> all) {
        for (String cursor = null; hasTime(); ) {
            CounterPage page = ports.store().readCounters(cursor, deadline);
            page.counters().forEach(state -> all.put(state.count().counterId(), state));
            shards.addAll(page.shards());
            cursor = page.next();
            if (cursor == null) {
                return true;
            }
        }
        return false;
    }

    private boolean look(Map<String, CounterState> before, ConnectionScan census) {
        boolean complete = new ConnectionScanner(ports, settings, expired, work, deadline).take(census);
        if (complete) {
            complete = settle(before, census);
        }
        // Only after the counters were read for the second time: this changes them.
        expired.remove(census.takeExpired(), deadline);
        return complete;
    }

    /** Measures the counters that are not settled, and repairs what is wrong for certain. */
    private boolean settle(Map<String, CounterState> before, ConnectionScan census) {
        Set<String> inQuestion = inQuestion(before, census);
        Map<String, CounterState> after = ports.store().readCounters(inQuestion, deadline);
        unsettled = new HashSet<>(inQuestion);
        for (CounterState state : after.values()) {
            if (!hasTime()) {
                return false;
            }
            String counterId = state.count().counterId();
            CounterState earlier = before.getOrDefault(counterId, CounterState.none(counterId));
            Drift drift = Drift.measured(earlier, census.rows(counterId), state);
            if (drift != null && drift.isZero()) {
                unsettled.remove(counterId);
            } else if (drift != null && drift.certain() != 0) {
                repair(state, drift.certain());
            }
        }
        return true;
    }

    /** At first all counters, except those that are at zero and have no rows: nothing is known to be wrong with them. */
    private Set<String> inQuestion(Map<String, CounterState> before, ConnectionScan census) {
        if (!unsettled.isEmpty()) {
            return unsettled;
        }
        Set<String> all = new HashSet<>(before.keySet());
        all.addAll(census.counterIds());
        counters = all.size();
        before.forEach((counterId, state) -> {
            if (state.count().live() == 0 && census.rows(counterId).most() == 0) {
                all.remove(counterId);
            }
        });
        return all;
    }

    /** A repaired counter stays unsettled: the next look sees whether it is right now. */
    private void repair(CounterState state, long drift) {
        String counterId = state.count().counterId();
        if (ports.store().repair(new Repair(state, drift, ports.timeSource().now()), deadline)) {
            drifts.merge(counterId, drift, Long::sum);
        }
    }

    private boolean hasTime() {
        return !work.hasPassed(ports.timeSource().now());
    }
}
