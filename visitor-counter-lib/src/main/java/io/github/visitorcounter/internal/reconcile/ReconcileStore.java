package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Reads all connections and counters, and repairs counters. Reads are consistent: they contain every change that was
 * completed before the call. Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer
 * before the deadline.
 */
public interface ReconcileStore {

    /**
     * A request for a page of all connections.
     *
     * @param segment the segment of the table to read, from 0
     * @param totalSegments the number of segments
     * @param cursor where the previous page ended ({@link ConnectionPage#next()}), or null for the first page
     */
    record Part(int segment, int totalSegments, @Nullable String cursor) {

        /**
         * Returns the request for the next page.
         *
         * @param next where this page ended
         * @return the request
         */
        public Part from(String next) {
            return new Part(segment, totalSegments, next);
        }
    }

    /**
     * Reads a page of the connections of all counters, including expired ones. A connection that was added before the
     * first page is read, and is not removed until the last page was read, is in exactly one page; a connection that is
     * added or removed meanwhile is in at most one.
     *
     * @param part the page
     * @param deadline when to give up
     * @return the page
     */
    ConnectionPage readConnections(Part part, Deadline deadline);

    /**
     * Reads a page of all counters.
     *
     * @param cursor where the previous page ended, or null for the first page
     * @param deadline when to give up
     * @return the page
     */
    CounterPage readCounters(@Nullable String cursor, Deadline deadline);

    /**
     * Reads some counters.
     *
     * @param counterIds the counters
     * @param deadline when to give up
     * @return the state of each counter by id; {@link CounterState#none} if it has no row
     */
    Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline);

    /**
     * Subtracts a drift from {@code live} of a counter, raises its version by {@link Repair#versionStep()}, and
     * increments its number of repairs. Creates the row if it is missing; its {@code total} then begins with
     * {@code live}. Does nothing if the counter was repaired after it was measured. Idempotent.
     *
     * @param repair the repair
     * @param deadline when to give up
     * @return true if the counter was repaired
     */
    boolean repair(Repair repair, Deadline deadline);

    /**
     * Records the version of a counter with several rows, for the next run.
     *
     * @param state the counter
     * @param at when it was read
     * @param deadline when to give up
     */
    void see(CounterState state, Instant at, Deadline deadline);

    /**
     * Folds a counter with several rows into its home row: closes the other rows and adds their numbers to it. The sums
     * do not change. Does nothing if the counter changes too often. Idempotent.
     *
     * @param counterId the counter
     * @param at the current time
     * @param deadline when to give up
     */
    void fold(String counterId, Instant at, Deadline deadline);

    /**
     * Closes those of the given shards that no home row names, because their counter was deleted or restored from a
     * backup. Idempotent.
     *
     * @param shards the shards
     * @param at the current time
     * @param deadline when to give up
     */
    void closeStray(Collection<ShardKey> shards, Instant at, Deadline deadline);

    /**
     * Removes a counter with all its rows, its lease and its wake-up, unless it changed since it was read, or its lease
     * was used recently. A counter with very many rows must have been folded. Idempotent.
     *
     * @param state the counter; its {@code live} is zero
     * @param unusedSince the latest time of its last use
     * @param at the current time
     * @param deadline when to give up
     * @return true if it was removed
     */
    boolean removeUnused(CounterState state, Instant unusedSince, Instant at, Deadline deadline);

    /**
     * Reads the saved progress.
     *
     * @param deadline when to give up
     * @return where the last run stopped; null if it reached the end
     */
    @Nullable
    ReconcileProgress readProgress(Deadline deadline);

    /**
     * Saves the progress of a run, for the next one. Of concurrent runs, the last one to save wins.
     *
     * @param progress the progress
     * @param deadline when to give up
     */
    void saveProgress(ReconcileProgress progress, Deadline deadline);

    /**
     * Removes the saved progress: the next run begins with the first counter.
     *
     * @param deadline when to give up
     */
    void clearProgress(Deadline deadline);
}
