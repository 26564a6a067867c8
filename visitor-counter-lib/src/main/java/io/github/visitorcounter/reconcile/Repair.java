package io.github.visitorcounter.reconcile;

import java.time.Instant;

/**
 * Corrects a counter by a difference, so that changes which happen meanwhile are kept.
 *
 * @param measured the counter when its drift was measured
 * @param drift how many too many it shows; negative when it shows too few
 * @param leastVersion what the counter's version must be at least after the repair
 * @param at when, for {@link io.github.visitorcounter.count.VisitorCount#updatedAt()}
 */
public record Repair(CounterState measured, long drift, long leastVersion, Instant at) {

    /**
     * Returns which counter it repairs.
     *
     * @return its id
     */
    public String counterId() {
        return measured.count().counterId();
    }

    /**
     * Returns by how much the version grows.
     *
     * @return 1 or, when the counter is behind {@link #leastVersion()}, more
     */
    public long versionStep() {
        return Math.max(1, leastVersion - measured.count().version());
    }
}
