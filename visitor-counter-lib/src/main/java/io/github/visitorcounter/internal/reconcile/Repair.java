package io.github.visitorcounter.internal.reconcile;

import java.time.Instant;

/**
 * A correction of a counter by a difference, so that concurrent changes are kept.
 *
 * @param measured the counter when its drift was measured
 * @param drift by how many {@code live} is too high; negative if it is too low
 * @param at the time of the repair, for {@link io.github.visitorcounter.count.VisitorCount#updatedAt()}
 */
public record Repair(CounterState measured, long drift, Instant at) {

    private static final long MICROS_PER_MILLI = 1_000;

    /**
     * Returns the counter.
     *
     * @return its id
     */
    public String counterId() {
        return measured.count().counterId();
    }

    /**
     * Returns the increase of the version. It raises the version to the current time in microseconds, or by one if it
     * is higher already. A counter that was lost, or restored from a backup, has a lower version than open pages have
     * received, and they would ignore it. Because a counter changes less than a million times per second, the time is
     * above every version that was sent.
     *
     * @return at least 1
     */
    public long versionStep() {
        return Math.max(
                1, at.toEpochMilli() * MICROS_PER_MILLI - measured.count().version());
    }
}
