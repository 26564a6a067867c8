package io.github.visitorcounter.internal.count;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Caches the shards of counters in an instance of the function. Only counters with several rows are cached: the home
 * row can always be written. Thread-safe.
 */
public final class KnownShards {

    /** Older entries are read again: the home row may have been deleted and created again with another shard name. */
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    /** Limits the memory; a counter that is not cached begins at the home row. */
    private static final int MAX_COUNTERS = 1_000;

    private record Known(Shards shards, Instant since) {}

    private final Map<String, Known> counters = new LinkedHashMap<>();

    /** Creates an empty cache. */
    public KnownShards() {}

    /**
     * Returns the cached shards of a counter.
     *
     * @param counterId the counter
     * @return its shards; {@link Shards#HOME_ONLY} if it is not cached
     */
    public synchronized Shards of(String counterId) {
        Known known = counters.get(counterId);
        return known == null ? Shards.HOME_ONLY : known.shards();
    }

    /**
     * Returns whether the cached shards of a counter must be read again before they are used.
     *
     * @param counterId the counter
     * @param now the time
     * @return true if they are too old
     */
    public synchronized boolean isStale(String counterId, Instant now) {
        Known known = counters.get(counterId);
        return known != null && known.since().plus(MAX_AGE).isBefore(now);
    }

    /**
     * Caches the shards that the home row contained.
     *
     * @param counterId the counter
     * @param shards its shards
     * @param now when the home row was read
     */
    public synchronized void learn(String counterId, Shards shards, Instant now) {
        counters.remove(counterId);
        if (shards.count() > 1) {
            counters.put(counterId, new Known(shards, now));
            if (counters.size() > MAX_COUNTERS) {
                counters.remove(counters.keySet().iterator().next());
            }
        }
    }
}
