package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.reconcile.Drift.Rows;

import java.util.HashSet;
import java.util.Set;

/**
 * The expected {@code live} of one counter, from the connections that a scan has read so far. Visits and visitors are
 * collected by id, because each counts once. Not thread-safe.
 */
final class ExpectedCount {

    private final CountingMode countingMode;

    /** The visitors with an unexpired connection. */
    private final Set<String> visitors = new HashSet<>();

    /** The visitors with an expired connection. */
    private final Set<String> expiredVisitors = new HashSet<>();

    private long others;
    private long expiredOfVisitors;
    private long expired;

    /** The sums of the buckets that were scanned before. */
    private Rows closed = Rows.NONE;

    ExpectedCount(CountingMode countingMode) {
        this.countingMode = countingMode;
    }

    void add(Connection connection, boolean hasExpired) {
        expired += hasExpired ? 1 : 0;
        String visitor = countingMode == CountingMode.CONNECTIONS ? null : connection.visit();
        if (visitor == null) {
            others++;
        } else if (hasExpired) {
            expiredOfVisitors++;
            expiredVisitors.add(visitor);
        } else {
            visitors.add(visitor);
        }
    }

    void add(ExpectedCount part) {
        expired += part.expired;
        others += part.others;
        expiredOfVisitors += part.expiredOfVisitors;
        visitors.addAll(part.visitors);
        expiredVisitors.addAll(part.expiredVisitors);
    }

    /**
     * Returns the bounds of {@code live}. A visitor whose connections have all expired counts as a new one after
     * reconnecting, so that each of its old connections may count too until it is removed.
     */
    Rows rows() {
        long onlyExpired = expiredVisitors.stream()
                .filter(visitor -> !visitors.contains(visitor))
                .count();
        long unexpired = others + visitors.size();
        return new Rows(
                closed.min() + unexpired + onlyExpired,
                closed.max() + unexpired + expiredOfVisitors,
                closed.expired() + expired);
    }

    /** Replaces the visit ids by their number, before the next bucket is scanned. */
    void closeBucket() {
        closed = rows();
        visitors.clear();
        expiredVisitors.clear();
        others = 0;
        expiredOfVisitors = 0;
        expired = 0;
    }
}
