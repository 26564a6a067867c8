package io.github.visitorcounter.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.LiveCount;
import io.github.visitorcounter.reconcile.Drift.Rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rows of one counter, as a scan has seen them so far. Visitors are kept by name, connections only as a number. Not thread-safe. */
final class CounterTally {

    private final LiveCount liveCounts;
    private final Set<String> visitors = new HashSet<>();
    private final List<String> expired = new ArrayList<>();
    private long others;
    private long rows;
    private long expiredRows;

    CounterTally(LiveCount liveCounts) {
        this.liveCounts = liveCounts;
    }

    void add(Connection connection, boolean hasExpired) {
        rows++;
        String visitor = liveCounts == LiveCount.VISITORS ? connection.visit() : null;
        if (visitor == null) {
            others++;
        } else {
            visitors.add(visitor);
        }
        if (hasExpired) {
            expiredRows++;
            expired.add(connection.connectionId());
        }
    }

    void add(CounterTally part) {
        rows += part.rows;
        others += part.others;
        visitors.addAll(part.visitors);
        expiredRows += part.expiredRows;
        expired.addAll(part.expired);
    }

    /** What {@code live} should be. */
    Rows rows() {
        return new Rows(others + visitors.size(), expiredRows);
    }

    long connections() {
        return rows;
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
}
