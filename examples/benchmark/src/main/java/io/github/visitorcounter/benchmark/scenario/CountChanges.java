package io.github.visitorcounter.benchmark.scenario;

import java.util.ArrayList;
import java.util.List;

/** When the true count changed, as the visitors know it. Thread-safe. */
final class CountChanges {

    private final List<Long> moments = new ArrayList<>();

    synchronized void add(long now) {
        moments.add(now);
    }

    /**
     * How long ago the count moved on from a number that a page shows.
     *
     * @param changes how many changes the shown number includes
     * @return 0 if it includes all
     */
    synchronized long ageNanos(long changes, long now) {
        int next = (int) Math.max(0, changes);
        return next >= moments.size() ? 0 : Math.max(0, now - moments.get(next));
    }
}
