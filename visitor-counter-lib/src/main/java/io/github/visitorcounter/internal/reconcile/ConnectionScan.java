package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.reconcile.Drift.Rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a scan of all connections saw. Not thread-safe. */
final class ConnectionScan {

    /** A counter's name has no #; a row that says otherwise was written by somebody else, and its counter would be a lease or a visit. */
    private static final String NOT_IN_A_NAME = "#";

    private final Reconciler.Settings settings;
    private final Map<String, ExpectedCount> tallies = new HashMap<>();
    private final OldestConnections oldest;
    private final List<String> expired = new ArrayList<>();

    ConnectionScan(Reconciler.Settings settings) {
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
        if (hasExpired) {
            expired.add(connection.connectionId());
        } else if (connection.age(now).compareTo(settings.handshakeGrace()) > 0) {
            oldest.add(connection);
        }
    }

    void add(ConnectionScan part) {
        part.tallies.forEach((counterId, tally) -> tally(counterId).add(tally));
        oldest.addAll(part.oldest);
        expired.addAll(part.expired);
    }

    private ExpectedCount tally(String counterId) {
        CountingMode countingMode = settings.countingMode();
        return tallies.computeIfAbsent(counterId, id -> new ExpectedCount(countingMode));
    }

    Set<String> counterIds() {
        return tallies.keySet();
    }

    Rows rows(String counterId) {
        ExpectedCount tally = tallies.get(counterId);
        return tally == null ? Rows.NONE : tally.rows();
    }

    long connections() {
        return tallies.values().stream().mapToLong(ExpectedCount::connections).sum();
    }

    /** How many expired connections wait to be taken. */
    int waiting() {
        return expired.size();
    }

    /** Hands over the expired connections. */
    List<String> takeExpired() {
        List<String> taken = List.copyOf(expired);
        expired.clear();
        return taken;
    }

    /** The oldest connections that should be open, as many as are to be probed. */
    List<Connection> oldest() {
        return oldest.toList();
    }
}
