package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.reconcile.Drift.Rows;

import java.util.HashSet;
import java.util.Set;

/**
 * The rows of one counter, as a scan has seen them so far: connections as a number, visitors by name, where they count once. Not
 * thread-safe.
 */
final class ExpectedCount {

    private final CountingMode countingMode;

    /** Those with an unexpired connection, and those with an expired one. */
    private final Set<String> visitors = new HashSet<>();

    private final Set<String> expiredVisitors = new HashSet<>();
    private long others;
    private long expiredOfVisitors;
    private long expired;

    /** What buckets of visits that were scanned before hold together. */
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
     * What {@code live} should be. A visitor whose connections had all expired is a new one when it comes back, and then each of the
     * old ones may count too, until they are removed.
     */
    Rows rows() {
        long onlyExpired = expiredVisitors.stream()
                .filter(visitor -> !visitors.contains(visitor))
                .count();
        long unexpired = others + visitors.size();
        return new Rows(
                closed.least() + unexpired + onlyExpired,
                closed.most() + unexpired + expiredOfVisitors,
                closed.expired() + expired);
    }

    /** Forgets the visits, and keeps their number: the connections of other visits follow. */
    void closeBucket() {
        closed = rows();
        visitors.clear();
        expiredVisitors.clear();
        others = 0;
        expiredOfVisitors = 0;
        expired = 0;
    }
}
