package io.github.visitorcounter.internal.count;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many rows a counter has, and what they are called: what its home row says. Immutable.
 *
 * @param count 1 when the home row is the only one
 * @param name part of the keys of the others, null while there are none; drawn when a counter gets its second row, and never again
 *     the same, so that nobody writes to rows of former times
 */
public record Shards(int count, @Nullable String name) {

    /** A counter with its home row only. */
    public static final Shards HOME_ONLY = new Shards(1, null);

    /** By how much a counter grows at a time. */
    private static final int FACTOR = 8;

    /**
     * Returns the key of one of the rows.
     *
     * @param counterId the counter
     * @param number 0 for the home row, up to {@code count - 1}
     * @return the key
     */
    public String key(String counterId, int number) {
        return number == 0 || name == null ? counterId : CounterKeys.shard(counterId, name, number);
    }

    /**
     * Returns the keys of all rows but the home row.
     *
     * @param counterId the counter
     * @return the keys, by number, beginning with 1
     */
    public List<String> furtherKeys(String counterId) {
        return IntStream.range(1, name == null ? 1 : count)
                .mapToObj(number -> key(counterId, number))
                .toList();
    }

    /**
     * Returns how many rows a busy counter has next.
     *
     * @param max how many it may have
     * @return the number, or {@code count} when it has as many as it may, or is being folded
     */
    public int grown(int max) {
        return isPartlyFolded() ? count : Math.max(count, Math.min(max, count * FACTOR));
    }

    /**
     * Tells whether a counter with very many rows was folded halfway: the rows that are gone would have the old name again.
     *
     * @return whether it has more than 8 rows, and not 64 nor 512
     */
    public boolean isPartlyFolded() {
        return count > FACTOR && count != FACTOR * FACTOR && count != FACTOR * FACTOR * FACTOR;
    }

    /**
     * Chooses the row of an attempt. The same for the same attempt, in every process: an event that is delivered twice repeats the
     * same transactions.
     *
     * @param connectionId whose connect or disconnect it is
     * @param attempt 0 for the first, one more after each conflict at the counter's row
     * @return the row's number
     */
    public int choose(String connectionId, int attempt) {
        return count == 1 ? 0 : Math.floorMod(mixed(connectionId.hashCode(), attempt), count);
    }

    /** The finalizer of MurmurHash3: every bit of the id and the attempt counts in the lowest ones. */
    private static int mixed(int id, int attempt) {
        int hash = id + attempt * 0x9e3779b9;
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }
}
