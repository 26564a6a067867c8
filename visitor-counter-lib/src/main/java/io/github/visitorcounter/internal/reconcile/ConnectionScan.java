package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.reconcile.Drift.Rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a scan of all connections saw of some counters. Not thread-safe. */
final class ConnectionScan {

    /** A counter's name has no #; a row that says otherwise was written by somebody else, and its counter would be a lease or a visit. */
    private static final String NOT_IN_A_NAME = "#";

    /** Counters that show millions too many must not keep a scan from ending. */
    private static final int MAX_BUCKETS = 8;

    /** The visits whose connections are counted: one of several parts of all, by a hash of their ids. */
    record Bucket(int number, int of) {

        static final Bucket ALL = new Bucket(0, 1);

        boolean contains(Connection connection) {
            return Math.floorMod(connection.countedWith().hashCode(), of) == number;
        }
    }

    private final Reconciler.Settings settings;
    private final Set<String> known;
    private final int maxUnknown;
    private final Bucket bucket;
    private final Map<String, ExpectedCount> tallies = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final OldestConnections oldest;
    private final List<String> expired = new ArrayList<>();
    private long connections;
    private boolean leftOut;

    /**
     * Prepares a scan.
     *
     * @param settings the limits
     * @param known the counters whose connections are counted
     * @param maxUnknown of how many other counters the connections are counted too
     */
    ConnectionScan(Reconciler.Settings settings, Set<String> known, int maxUnknown) {
        this(settings, known, maxUnknown, Bucket.ALL);
    }

    private ConnectionScan(Reconciler.Settings settings, Set<String> known, int maxUnknown, Bucket bucket) {
        this.settings = settings;
        this.known = known;
        this.maxUnknown = maxUnknown;
        this.bucket = bucket;
        this.oldest = new OldestConnections(settings.probes());
    }

    /** Into how many buckets visits must be divided, so that the ids of one bucket fit in memory. */
    static int buckets(Reconciler.Settings settings, long live) {
        return settings.countingMode() == CountingMode.CONNECTIONS
                ? 1
                : (int) Math.min(MAX_BUCKETS, live / settings.limits().visits() + 1);
    }

    /** A part of this scan, for some of the connections of a bucket. */
    ConnectionScan part(Bucket ofVisits) {
        return new ConnectionScan(settings, known, maxUnknown, ofVisits);
    }

    /** Counts a connection, if it is in the bucket. */
    void add(Connection connection, Instant now) {
        if (connection.counterId().contains(NOT_IN_A_NAME) || !bucket.contains(connection)) {
            return;
        }
        connections++;
        boolean hasExpired = !connection.expiresAt().isAfter(now);
        if (isCounted(connection.counterId())) {
            tally(connection.counterId()).add(connection, hasExpired);
        }
        if (hasExpired) {
            expired.add(connection.connectionId());
        } else if (connection.age(now).compareTo(settings.handshakeGrace()) > 0) {
            oldest.add(connection);
        }
    }

    private boolean isCounted(String counterId) {
        if (known.contains(counterId) || unknown.contains(counterId)) {
            return true;
        }
        if (unknown.size() < maxUnknown) {
            unknown.add(counterId);
            return true;
        }
        leftOut = true;
        return false;
    }

    void add(ConnectionScan part) {
        part.tallies.forEach((counterId, tally) -> tally(counterId).add(tally));
        unknown.addAll(part.unknown);
        oldest.addAll(part.oldest);
        expired.addAll(part.expired);
        connections += part.connections;
        leftOut |= part.leftOut;
    }

    /** Forgets which visits were seen, and keeps how many. */
    void closeBucket() {
        tallies.values().forEach(ExpectedCount::closeBucket);
    }

    private ExpectedCount tally(String counterId) {
        CountingMode countingMode = settings.countingMode();
        return tallies.computeIfAbsent(counterId, id -> new ExpectedCount(countingMode));
    }

    /** The other counters of which connections were seen; not all of them when some were {@link #hasLeftOut left out}. */
    Set<String> unknown() {
        return unknown;
    }

    /** Whether connections of other counters were not counted because there were too many of them. */
    boolean hasLeftOut() {
        return leftOut;
    }

    Rows rows(String counterId) {
        ExpectedCount tally = tallies.get(counterId);
        return tally == null ? Rows.NONE : tally.rows();
    }

    /** How many connections it saw, of all counters. */
    long connections() {
        return connections;
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
