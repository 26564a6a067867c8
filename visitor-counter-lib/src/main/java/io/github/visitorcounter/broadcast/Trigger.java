package io.github.visitorcounter.broadcast;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Who takes a turn at broadcasting a counter.
 *
 * @param counterId which counter is to be broadcast
 * @param identity the trigger's name, the same at every retry
 * @param parent whose lease this turn takes over, or null
 * @param hop how many pacers came before
 * @param mayWait whether nobody stands still while this turn waits
 * @param continues whether the first thing to do is the rest of the parent's pass, which has been paid for
 * @param lingersUntil until when it leaves those who left the time to come back; null when it brings other changes
 */
record Trigger(
        String counterId,
        String identity,
        @Nullable String parent,
        int hop,
        boolean mayWait,
        boolean continues,
        @Nullable Instant lingersUntil) {

    /** No name of a trigger has this in it: ids of requests and counters, ARNs and sequence numbers have no #. */
    private static final String LINGERS = "#lingers";

    /** Whether it is still too early to tell of a departure. */
    boolean lingers(Instant now) {
        return lingersUntil != null && now.isBefore(lingersUntil);
    }

    /** The name by which it holds the lease while it lingers: whoever brings an arrival takes the lease from such a holder. */
    String lingeringName() {
        return identity + LINGERS;
    }

    static boolean isLingering(String holder) {
        return holder.endsWith(LINGERS);
    }

    /** Whose lease it takes over: its own by either name, and its parent's. */
    Set<String> heirOf() {
        Set<String> names = new HashSet<>(Set.of(identity, lingeringName()));
        if (parent != null) {
            names.add(parent);
            names.add(parent + LINGERS);
        }
        return names;
    }
}
