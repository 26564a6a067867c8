package io.github.visitorcounter.internal.count;

/**
 * The maximum of {@code live}, and its division among the rows of a counter. Each row has a fixed part, so that the
 * maximum is exact although each row is checked separately. Immutable.
 *
 * @param limit the maximum; 0 for no limit
 */
public record MaxLive(int limit) {

    private static final int MAX_SHARDS = 8;

    /**
     * Returns whether there is a limit.
     *
     * @return true if the limit is above 0
     */
    public boolean isSet() {
        return limit > 0;
    }

    /**
     * Returns the number of rows of a counter with this limit. It does not depend on the load.
     *
     * @return 8, or the limit if it is lower
     */
    public int shards() {
        return Math.min(MAX_SHARDS, limit);
    }

    /**
     * Returns the maximum of {@code live} in one row.
     *
     * @param shard the row's number; 0 is the home row
     * @return its part; 0 for a row beyond {@link #shards()}, which was created under an earlier setting
     */
    public int part(int shard) {
        return shard >= shards() ? 0 : limit / shards() + (shard < limit % shards() ? 1 : 0);
    }
}
