package io.github.visitorcounter.internal.reconcile;

import java.time.Instant;

/**
 * Corrects a counter by a difference, so that changes which happen meanwhile are kept.
 *
 * @param measured the counter when its drift was measured
 * @param drift how many too many it shows; negative when it shows too few
 * @param at when, for {@link io.github.visitorcounter.count.VisitorCount#updatedAt()}
 */
public record Repair(CounterState measured, long drift, Instant at) {

    private static final long MICROS_PER_MILLI = 1_000;

    /**
     * Returns which counter it repairs.
     *
     * @return its id
     */
    public String counterId() {
        return measured.count().counterId();
    }

    /**
     * Returns by how much the version grows: to the time in microseconds, unless it is beyond that. A counter that was lost, or
     * restored from a backup, has begun again at a version below those that open pages have been told, and they would not believe it.
     * No counter changes a million times a second, so the time is above all that they have been told.
     *
     * @return at least 1
     */
    public long versionStep() {
        return Math.max(
                1, at.toEpochMilli() * MICROS_PER_MILLI - measured.count().version());
    }
}
