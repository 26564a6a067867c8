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

/** The results of a scan of all connections for some counters. Not thread-safe. */
final class ConnectionScan {

    /**
     * Counter ids contain no #. A row with such an id was not written by this library; its id would be the key of a
     * lease or a visit.
     */
    private static final String RESERVED = "#";

    /** Limits the scans if counters are wrong by millions. */
    private static final int MAX_BUCKETS = 8;

    /** A subset of the visits, by the hash of their ids; only their connections are counted. */
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
    private final Map<String, ExpectedCount> expectedCounts = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final OldestConnections oldest;
    private final List<String> expired = new ArrayList<>();
    private long connections;
    private boolean truncated;

    /**
     * Prepares a scan.
     *
     * @param settings the limits
     * @param known the counters whose connections are counted
     * @param maxUnknown the maximum of other counters whose connections are counted too
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

    /** Returns the number of buckets, so that the visit ids of one bucket fit in memory. */
    static int buckets(Reconciler.Settings settings, long live) {
        return settings.countingMode() == CountingMode.CONNECTIONS
                ? 1
                : (int) Math.min(MAX_BUCKETS, live / settings.limits().visits() + 1);
    }

    /** Creates a part of this scan, for some of the connections of a bucket. */
    ConnectionScan part(Bucket ofVisits) {
        return new ConnectionScan(settings, known, maxUnknown, ofVisits);
    }

    /** Counts a connection, if it is in the bucket. */
    void add(Connection connection, Instant now) {
        if (connection.counterId().contains(RESERVED) || !bucket.contains(connection)) {
            return;
        }
        connections++;
        boolean hasExpired = !connection.expiresAt().isAfter(now);
        for (String counterId : connection.countedIn()) {
            if (!counterId.contains(RESERVED) && isCounted(counterId)) {
                expected(counterId).add(connection, hasExpired);
            }
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
        truncated = true;
        return false;
    }

    void add(ConnectionScan part) {
        part.expectedCounts.forEach((counterId, expected) -> expected(counterId).add(expected));
        unknown.addAll(part.unknown);
        oldest.addAll(part.oldest);
        expired.addAll(part.expired);
        connections += part.connections;
        truncated |= part.truncated;
    }

    /** Replaces the visit ids of the bucket by their number. */
    void closeBucket() {
        expectedCounts.values().forEach(ExpectedCount::closeBucket);
    }

    private ExpectedCount expected(String counterId) {
        CountingMode countingMode = settings.countingMode();
        return expectedCounts.computeIfAbsent(counterId, id -> new ExpectedCount(countingMode));
    }

    /** Returns the other counters with connections; not all of them if the scan is {@link #isTruncated truncated}. */
    Set<String> unknown() {
        return unknown;
    }

    /** Returns whether connections of other counters were not counted because there are too many such counters. */
    boolean isTruncated() {
        return truncated;
    }

    Rows rows(String counterId) {
        ExpectedCount expected = expectedCounts.get(counterId);
        return expected == null ? Rows.NONE : expected.rows();
    }

    /** Returns the number of connections of all counters. */
    long connections() {
        return connections;
    }

    /** Returns the number of expired connections that have not been taken. */
    int waiting() {
        return expired.size();
    }

    /** Returns the expired connections, and clears them. */
    List<String> takeExpired() {
        List<String> taken = List.copyOf(expired);
        expired.clear();
        return taken;
    }

    /** Returns the oldest connections that should be open, as many as are to be probed. */
    List<Connection> oldest() {
        return oldest.toList();
    }
}
