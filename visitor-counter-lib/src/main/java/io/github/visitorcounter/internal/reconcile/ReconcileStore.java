package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Reads all connections and counters, and corrects a counter. Reads are consistent: every change that was reported before the
 * call is in its answer. Thread-safe.
 *
 * <p>Every method throws {@link io.github.visitorcounter.ServiceUnavailableException} if the store did not answer before the
 * deadline.
 */
public interface ReconcileStore {

    /**
     * Asks for a page of all connections.
     *
     * @param segment which part of the table to read, from 0
     * @param totalSegments into how many parts the table is divided
     * @param cursor where the page before ended ({@link ConnectionPage#next()}), or null for the first page
     */
    record Part(int segment, int totalSegments, @Nullable String cursor) {

        /**
         * Asks for the page after this one.
         *
         * @param next where this page ended
         * @return the request
         */
        public Part from(String next) {
            return new Part(segment, totalSegments, next);
        }
    }

    /**
     * Reads a page of the connections of all counters, expired ones too. A connection that is counted before the first page is
     * read and not counted out until the last one was read is in exactly one page of one segment; connections that come or go
     * meanwhile are in none or one.
     *
     * @param part which page
     * @param deadline when to give up
     * @return the page
     */
    ConnectionPage readConnections(Part part, Deadline deadline);

    /**
     * Reads a page of all counters.
     *
     * @param cursor where the page before ended, or null for the first page
     * @param deadline when to give up
     * @return the page
     */
    CounterPage readCounters(@Nullable String cursor, Deadline deadline);

    /**
     * Reads some counters.
     *
     * @param counterIds which
     * @param deadline when to give up
     * @return each of them by id; {@link CounterState#none} when it has no row
     */
    Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline);

    /**
     * Takes a drift from a counter's {@code live}, raises its version by {@link Repair#versionStep()}, and counts the repair; a counter without a row gets one,
     * whose {@code total} begins with those who are here. Does nothing when the counter was repaired after it was measured. May be
     * repeated.
     *
     * @param repair what to correct
     * @param deadline when to give up
     * @return whether it was done
     */
    boolean repair(Repair repair, Deadline deadline);

    /**
     * Notes the version of a counter with several rows, for the next run.
     *
     * @param state the counter
     * @param at when it was read
     * @param deadline when to give up
     */
    void see(CounterState state, Instant at, Deadline deadline);

    /**
     * Makes a counter with several rows one with its home row only: closes the others and adds what they hold to it. The sums stay.
     * Does nothing when the counter changes too often for it. May be repeated.
     *
     * @param counterId which counter
     * @param at when
     * @param deadline when to give up
     */
    void fold(String counterId, Instant at, Deadline deadline);

    /**
     * Closes those of some rows that no home row names: their counter was deleted, or restored from a backup. May be repeated.
     *
     * @param shards the rows
     * @param at when
     * @param deadline when to give up
     */
    void closeStray(Collection<ShardKey> shards, Instant at, Deadline deadline);

    /**
     * Removes a counter with all its rows, its lease and its wake-up: one that nobody has changed since it was read, and whose lease
     * nobody has used lately. Does nothing otherwise. A counter with very many rows must have been folded. May be repeated.
     *
     * @param state the counter; its {@code live} is zero
     * @param unusedSince when it was used last at the latest
     * @param at when
     * @param deadline when to give up
     * @return whether it was removed
     */
    boolean removeUnused(CounterState state, Instant unusedSince, Instant at, Deadline deadline);

    /**
     * Reads where the last run stopped.
     *
     * @param deadline when to give up
     * @return where; null when it came to the end
     */
    @Nullable
    ReconcileProgress readProgress(Deadline deadline);

    /**
     * Notes where a run has come to, for the next one. Of two runs at the same time the last note counts.
     *
     * @param progress where
     * @param deadline when to give up
     */
    void saveProgress(ReconcileProgress progress, Deadline deadline);

    /**
     * Removes the note: the next run begins with the first counter.
     *
     * @param deadline when to give up
     */
    void clearProgress(Deadline deadline);
}
