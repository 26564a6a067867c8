package io.github.visitorcounter.benchmark.scenario;

import java.util.ArrayList;
import java.util.List;

/** The times at which the true count changed, by the visitors' records. Thread-safe. */
final class CountChanges {

    private final List<Long> moments = new ArrayList<>();

    private long pastChanges;

    /** Pages' numbers include visits that ended before: each of them connected and disconnected. */
    synchronized void skip(int pastVisits) {
        pastChanges += 2L * pastVisits;
    }

    synchronized void add(long now) {
        moments.add(now);
    }

    /**
     * Returns how long ago a number that a page shows became outdated.
     *
     * @param changes the number of changes that the shown number includes
     * @return 0 if it is up to date
     */
    synchronized long ageNanos(long changes, long now) {
        int next = (int) Math.max(0, changes - pastChanges);
        return next >= moments.size() ? 0 : Math.max(0, now - moments.get(next));
    }
}
