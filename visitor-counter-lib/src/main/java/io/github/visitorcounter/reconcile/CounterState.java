package io.github.visitorcounter.reconcile;

import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

/**
 * A counter's row, with what only reconciling looks at.
 *
 * @param count what the counter says
 * @param repairs how often it was repaired
 * @param lastChange why it changed last, or null when it never did, or that is not known
 */
public record CounterState(
        VisitorCount count, long repairs, @Nullable Change lastChange) {

    /**
     * Returns the state of a counter that has no row.
     *
     * @param counterId which counter
     * @return nothing counted, never repaired
     */
    public static CounterState none(String counterId) {
        return new CounterState(VisitorCount.none(counterId), 0, null);
    }
}
