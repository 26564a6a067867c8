package io.github.visitorcounter.internal.count;

import org.jspecify.annotations.Nullable;

/**
 * The keys of a counter's rows in the table of counters. The key of the home row is the counter's id; a further row,
 * called a shard, has the key {@code rows#<counter>#<name>#<number>}. Counter ids do not contain a #; the keys of all
 * other rows do.
 */
public final class CounterKeys {

    /** The prefix of the keys of shards. */
    public static final String SHARD_PREFIX = "rows#";

    private static final String SEPARATOR = "#";
    private static final int PARTS = 4;

    private CounterKeys() {}

    /**
     * The parsed key of a shard.
     *
     * @param counterId its counter
     * @param name the shard name in the counter's home row when the shard was created
     * @param number 1 or more
     */
    public record ShardKey(String counterId, String name, int number) {

        /**
         * Returns the key as a string.
         *
         * @return the key
         */
        public String text() {
            return shard(counterId, name, number);
        }
    }

    /**
     * Returns the key of a shard.
     *
     * @param counterId its counter
     * @param name the name of the counter's shards, see {@link Shards#name()}
     * @param number 1 or more; 0 is the home row
     * @return the key
     */
    public static String shard(String counterId, String name, int number) {
        return SHARD_PREFIX + counterId + SEPARATOR + name + SEPARATOR + number;
    }

    /**
     * Parses the key of a shard.
     *
     * @param key any key of the table
     * @return the parts, or null if it is not the key of a shard
     */
    public static @Nullable ShardKey parseShard(String key) {
        String[] parts = key.split(SEPARATOR, -1);
        if (parts.length != PARTS || !key.startsWith(SHARD_PREFIX) || parts[1].isEmpty() || parts[2].isEmpty()) {
            return null;
        }
        try {
            int number = Integer.parseInt(parts[PARTS - 1]);
            return number < 1 ? null : new ShardKey(parts[1], parts[2], number);
        } catch (NumberFormatException noNumber) {
            return null;
        }
    }

    /**
     * Returns the counter that a row belongs to.
     *
     * @param key any key of the table
     * @return the id of the counter whose home row or shard has this key, not validated; null for other rows
     */
    public static @Nullable String counterOf(String key) {
        ShardKey shard = parseShard(key);
        if (shard != null) {
            return shard.counterId();
        }
        return key.contains(SEPARATOR) ? null : key;
    }
}
