package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A page of counters. It may be empty although more pages follow.
 *
 * @param counters the counters, with the sums of their rows
 * @param shards the open shards, including those that no home row names
 * @param next where the next page begins, or null if this is the last page
 */
public record CounterPage(
        List<CounterState> counters,
        List<ShardKey> shards,
        @Nullable String next) {

    /**
     * Copies the lists.
     *
     * @param counters the counters
     * @param shards their further rows
     * @param next where the next page begins, or null
     */
    public CounterPage {
        counters = List.copyOf(counters);
        shards = List.copyOf(shards);
    }
}
