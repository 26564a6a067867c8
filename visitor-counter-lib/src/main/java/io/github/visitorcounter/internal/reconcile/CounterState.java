package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A counter with the attributes that only the reconcile job needs.
 *
 * @param count the sums of its rows; {@code live} is negative here if more were removed than added
 * @param repairs how often it was repaired
 * @param lastChange the reason of its last change, or null if there was none or it is unknown
 * @param shards its rows
 * @param seen the version that a reconcile or its growth recorded; null if there is none
 */
public record CounterState(
        VisitorCount count,
        long repairs,
        @Nullable Change lastChange,
        Shards shards,
        @Nullable Seen seen) {

    /**
     * The version of a counter at some time, which shows how busy it has been since.
     *
     * @param version the version
     * @param at the time of the read
     */
    public record Seen(long version, Instant at) {}

    /**
     * Returns the state of a counter that has no row.
     *
     * @param counterId the counter
     * @return a state with a zero count and no repairs
     */
    public static CounterState none(String counterId) {
        return new CounterState(VisitorCount.none(counterId), 0, null, Shards.HOME_ONLY, null);
    }
}
