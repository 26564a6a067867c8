package io.github.visitorcounter.internal.count;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an instance remembers of its counters' rows. Only counters with several rows are remembered: the home row can always be
 * written. Thread-safe.
 */
public final class KnownShards {

    /** Whatever was learnt earlier is read again: the home row may have been deleted, and another may have another name. */
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    /** An instance serves any number of counters; whoever is forgotten begins at the home row. */
    private static final int MAX_COUNTERS = 1_000;

    private record Known(Shards shards, Instant since) {}

    private final Map<String, Known> counters = new LinkedHashMap<>();

    /** Creates an empty memory. */
    public KnownShards() {}

    /**
     * Returns what is known of a counter.
     *
     * @param counterId the counter
     * @return its rows; {@link Shards#HOME_ONLY} when nothing is known
     */
    public synchronized Shards of(String counterId) {
        Known known = counters.get(counterId);
        return known == null ? Shards.HOME_ONLY : known.shards();
    }

    /**
     * Tells whether what is known of a counter must be read again before it is used.
     *
     * @param counterId the counter
     * @param now the time
     * @return whether it is too old
     */
    public synchronized boolean isStale(String counterId, Instant now) {
        Known known = counters.get(counterId);
        return known != null && known.since().plus(MAX_AGE).isBefore(now);
    }

    /**
     * Remembers what the home row said.
     *
     * @param counterId the counter
     * @param shards its rows
     * @param now when that was read
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
