package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.BroadcastReport;

/** Counts broadcasts. Thread-safe. */
@FunctionalInterface
public interface BroadcastMetrics {

    /** Counts nothing. */
    BroadcastMetrics NONE = report -> {};

    /**
     * Counts what an invocation did for a counter.
     *
     * @param report what it did
     */
    void record(BroadcastReport report);
}
