package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A counter, with what only reconciling looks at.
 *
 * @param count the sums of its rows; {@code live} is negative here when more have left than were counted
 * @param repairs how often it was repaired
 * @param lastChange why it changed last, or null when it never did, or that is not known
 * @param shards how many rows it has
 * @param seen what a reconcile, or its growth, noted of it; null for a counter with one row, or without a note
 */
public record CounterState(
        VisitorCount count,
        long repairs,
        @Nullable Change lastChange,
        Shards shards,
        @Nullable Seen seen) {

    /**
     * The version that a counter had at some time: from it follows how busy it has been since.
     *
     * @param version the version
     * @param at when
     */
    public record Seen(long version, Instant at) {}

    /**
     * Returns the state of a counter that has no row.
     *
     * @param counterId which counter
     * @return nothing counted, never repaired
     */
    public static CounterState none(String counterId) {
        return new CounterState(VisitorCount.none(counterId), 0, null, Shards.HOME_ONLY, null);
    }
}
