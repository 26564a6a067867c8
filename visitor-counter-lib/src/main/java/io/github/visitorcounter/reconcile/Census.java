package io.github.visitorcounter.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.LiveCount;
import io.github.visitorcounter.reconcile.Drift.Rows;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a scan of all connections saw. Not thread-safe. */
final class Census {

    /** A counter's name has no #; a row that says otherwise was written by somebody else, and its counter would be a lease or a visit. */
    private static final String NOT_IN_A_NAME = "#";

    private final Reconciler.Settings settings;
    private final Map<String, CounterTally> tallies = new HashMap<>();
    private final OldestConnections oldest;

    Census(Reconciler.Settings settings) {
        this.settings = settings;
        this.oldest = new OldestConnections(settings.probes());
    }

    /** Counts a connection. */
    void add(Connection connection, Instant now) {
        if (connection.counterId().contains(NOT_IN_A_NAME)) {
            return;
        }
        boolean hasExpired = !connection.expiresAt().isAfter(now);
        tally(connection.counterId()).add(connection, hasExpired);
        if (!hasExpired && connection.age(now).compareTo(settings.handshakeGrace()) > 0) {
            oldest.add(connection);
        }
    }

    void add(Census part) {
        part.tallies.forEach((counterId, tally) -> tally(counterId).add(tally));
        oldest.addAll(part.oldest);
    }

    private CounterTally tally(String counterId) {
        LiveCount liveCounts = settings.liveCounts();
        return tallies.computeIfAbsent(counterId, id -> new CounterTally(liveCounts));
    }

    Set<String> counterIds() {
        return tallies.keySet();
    }

    Rows rows(String counterId) {
        CounterTally tally = tallies.get(counterId);
        return tally == null ? Rows.NONE : tally.rows();
    }

    long connections() {
        return tallies.values().stream().mapToLong(CounterTally::connections).sum();
    }

    /** Hands over the expired connections of counters that have at least so many. */
    Map<String, List<String>> takeExpired(int atLeast) {
        Map<String, List<String>> taken = new HashMap<>();
        tallies.forEach((counterId, tally) -> {
            if (tally.waiting() >= atLeast) {
                taken.put(counterId, tally.takeExpired());
            }
        });
        return taken;
    }

    /** The oldest connections that should be open, as many as are to be probed. */
    List<Connection> oldest() {
        return oldest.toList();
    }
}
