package io.github.visitorcounter.reconcile;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A page of counters. It may be empty although more pages follow.
 *
 * @param counters the counters
 * @param next where the next page begins, or null when this was the last one
 */
public record CounterPage(
        List<CounterState> counters, @Nullable String next) {

    /**
     * Copies the list.
     *
     * @param counters the counters
     * @param next where the next page begins, or null
     */
    public CounterPage {
        counters = List.copyOf(counters);
    }
}
