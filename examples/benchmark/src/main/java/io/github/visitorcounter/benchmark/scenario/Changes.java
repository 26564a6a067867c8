package io.github.visitorcounter.benchmark.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * When the true count changed, as the visitors know it: the n-th change makes version n, in both designs, as long as nobody is
 * counted out by other means. Thread-safe.
 */
final class Changes {

    private final List<Long> moments = new ArrayList<>();

    synchronized void add(long now) {
        moments.add(now);
    }

    /**
     * How long ago the count moved on from a version.
     *
     * @return 0 when it has not: the version is the newest
     */
    synchronized long ageNanos(long version, long now) {
        int next = (int) Math.max(0, version);
        return next >= moments.size() ? 0 : Math.max(0, now - moments.get(next));
    }
}
