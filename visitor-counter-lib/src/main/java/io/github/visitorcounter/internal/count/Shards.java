package io.github.visitorcounter.internal.count;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The number of rows of a counter and the name in their keys, as stored in its home row. Immutable.
 *
 * @param count the number of rows; 1 if the home row is the only one
 * @param name part of the keys of the other rows, null while there are none; generated at random when the counter gets
 *     its second row, so that no writer uses rows of an earlier name
 */
public record Shards(int count, @Nullable String name) {

    /** A counter with its home row only. */
    public static final Shards HOME_ONLY = new Shards(1, null);

    /** The factor by which a counter grows. */
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
     * Returns the number of rows after growing.
     *
     * @param max the maximum
     * @return the new number, or {@code count} if the maximum is reached or the counter is being folded
     */
    public int grown(int max) {
        return isPartlyFolded() ? count : Math.max(count, Math.min(max, count * FACTOR));
    }

    /**
     * Returns whether folding of a counter with very many rows was interrupted. Such a counter must not grow, because
     * its new rows would have the keys of closed rows.
     *
     * @return true if it has more than 8 rows, but not 64 or 512
     */
    public boolean isPartlyFolded() {
        return count > FACTOR && count != FACTOR * FACTOR && count != FACTOR * FACTOR * FACTOR;
    }

    /**
     * Returns the row that an attempt uses. It depends only on the arguments, so that an event that is delivered twice
     * repeats the same transactions.
     *
     * @param connectionId the connection that connects or disconnects
     * @param attempt 0 for the first, one more after each conflict at the counter's row
     * @return the row's number
     */
    public int choose(String connectionId, int attempt) {
        return count == 1 ? 0 : Math.floorMod(mixed(connectionId.hashCode(), attempt), count);
    }

    /** The finalizer of MurmurHash3: every bit of the id and the attempt affects the lowest bits. */
    private static int mixed(int id, int attempt) {
        int hash = id + attempt * 0x9e3779b9;
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }
}
