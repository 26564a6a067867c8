package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The counters that are in memory at once, as read before their connections are scanned.
 *
 * @param counters by id
 * @param shards the rows that are not home rows, of these and of other counters
 * @param isWhole whether these are all counters of the table
 * @param next where the next batch begins, or null if this is the last one
 */
record CounterBatch(
        Map<String, CounterState> counters,
        List<ShardKey> shards,
        boolean isWhole,
        @Nullable String next) {

    /** Returns whether it has no rows, because the previous batch ended with the last row. */
    boolean isEmpty() {
        return counters.isEmpty() && shards.isEmpty();
    }

    /**
     * Reads a batch until it is large enough or half of the time is over. The other half is reserved for the scan of
     * connections, so that a table with very many other rows is reconciled too, in more batches.
     */
    static CounterBatch read(
            ReconcileStore store,
            @Nullable String from,
            int size,
            TimeSource timeSource,
            Deadline work,
            Deadline deadline) {
        Duration half = work.remaining(timeSource.now()).dividedBy(2);
        Deadline reading = new Deadline(work.at().minus(half));
        Map<String, CounterState> counters = new HashMap<>();
        List<ShardKey> shards = new ArrayList<>();
        String cursor = from;
        do {
            CounterPage page = store.readCounters(cursor, deadline);
            page.counters().forEach(state -> counters.put(state.count().counterId(), state));
            shards.addAll(page.shards());
            cursor = page.next();
        } while (cursor != null && counters.size() + shards.size() < size && !reading.hasPassed(timeSource.now()));
        return new CounterBatch(counters, shards, from == null && cursor == null, cursor);
    }
}
