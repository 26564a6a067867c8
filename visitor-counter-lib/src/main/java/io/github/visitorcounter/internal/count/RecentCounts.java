package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads counts, each counter at most once a second: a busy counter has many rows, and each costs a read. The store
 * reads consistently, because the sum of several rows would otherwise be wrong while rows are added or removed. Not
 * thread-safe.
 */
public final class RecentCounts {

    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    /** With a wildcard among the allowed counters, requests may name any number of counters. */
    private static final int MAX_COUNTERS = 1_000;

    private final Supplier<CounterStore> store;
    private final TimeSource timeSource;

    private final Map<String, Recent> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Recent> eldest) {
            return size() > MAX_COUNTERS;
        }
    };

    private record Recent(VisitorCount count, Instant readAt) {

        /** A clock that was set back would make a count recent for too long. */
        boolean isRecentAt(Instant now) {
            return !now.isBefore(readAt) && now.isBefore(readAt.plus(MAX_AGE));
        }
    }

    /**
     * Creates a reader.
     *
     * @param store the store; requested at the first read
     * @param timeSource the clock
     */
    public RecentCounts(Supplier<CounterStore> store, TimeSource timeSource) {
        this.store = store;
        this.timeSource = timeSource;
    }

    /**
     * Reads a count that was the newest at most a second ago.
     *
     * @param counterId the counter
     * @param deadline when to give up
     * @return the count; {@link VisitorCount#none} if the counter has no row
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    public VisitorCount read(String counterId, Deadline deadline) {
        Instant now = timeSource.now();
        Recent last = recent.remove(counterId);
        if (last == null || !last.isRecentAt(now)) {
            last = new Recent(store.get().read(counterId, deadline), now);
        }
        recent.put(counterId, last);
        return last.count();
    }
}
