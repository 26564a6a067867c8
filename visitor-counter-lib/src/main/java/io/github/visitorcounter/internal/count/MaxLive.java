package io.github.visitorcounter.internal.count;

/**
 * How many may be live, and how that is divided among a counter's rows: each has a part that never changes, so that the sum is
 * exact although each row is checked alone. Immutable.
 *
 * @param limit how many may be live; 0 when any number may
 */
public record MaxLive(int limit) {

    private static final int MAX_SHARDS = 8;

    /**
     * Tells whether there is a limit.
     *
     * @return whether it is more than 0
     */
    public boolean isSet() {
        return limit > 0;
    }

    /**
     * Returns how many rows a counter with this limit has: always the same number, however busy it is.
     *
     * @return 8, or fewer when fewer may be live
     */
    public int shards() {
        return Math.min(MAX_SHARDS, limit);
    }

    /**
     * Returns how many may be live on one row.
     *
     * @param shard the row's number; 0 is the home row
     * @return its part; 0 for a row beyond {@link #shards()}, which an earlier setting left
     */
    public int part(int shard) {
        return shard >= shards() ? 0 : limit / shards() + (shard < limit % shards() ? 1 : 0);
    }
}
