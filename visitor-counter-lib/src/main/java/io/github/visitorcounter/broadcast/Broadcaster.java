package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Backoff;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * Tells every connection of a counter its newest count, and counts out those that turn out to be gone. Thread-safe.
 *
 * <p>A broadcast reads the counter, runs one {@linkplain BroadcastPass pass} over the connections, and prunes. It is the place
 * where a lease will let only one broadcast of a counter run at a time, and where its pace is set.
 */
public final class Broadcaster {

    /** Kept free at the end of an invocation for counting out what a pass found gone. */
    private static final Duration TIME_TO_PRUNE = Duration.ofSeconds(1);

    private final ConnectionStore connections;
    private final CounterStore counters;
    private final Poster poster;
    private final PassSettings settings;
    private final Timekeeper timekeeper;
    private final Executor pageReader;

    /**
     * Creates a broadcaster.
     *
     * @param connections who is told
     * @param counters what they are told
     * @param poster how they are told
     * @param settings the limits of a pass
     * @param timekeeper where it waits
     * @param pageReader runs the reading of a page, so that posting goes on meanwhile
     */
    public Broadcaster(
            ConnectionStore connections,
            CounterStore counters,
            Poster poster,
            PassSettings settings,
            Timekeeper timekeeper,
            Executor pageReader) {
        this.connections = connections;
        this.counters = counters;
        this.poster = poster;
        this.settings = settings;
        this.timekeeper = timekeeper;
        this.pageReader = pageReader;
    }

    /**
     * Tells everyone.
     *
     * @param counterId whose count
     * @param format how to put it
     * @param policy what happens to connections that are gone
     * @param deadline when to stop, whether everyone was reached or not
     * @return what was done; see {@link BroadcastReport#complete()}
     * @throws io.github.visitorcounter.ServiceUnavailableException if the count or the connections could not be read
     */
    public BroadcastReport broadcast(
            String counterId, MessageFormat format, StaleConnectionPolicy policy, Deadline deadline) {
        Instant start = timekeeper.now();
        VisitorCount count = counters.read(counterId, deadline);
        BroadcastPass pass = new BroadcastPass(
                counterId,
                format.format(count),
                policy,
                new Deadline(deadline.at().minus(TIME_TO_PRUNE)),
                connections,
                poster,
                settings,
                timekeeper,
                pageReader);
        pass.run();
        int removed = prune(counterId, pass, deadline);
        return pass.tally().report(counterId, count.version(), removed, Duration.between(start, timekeeper.now()));
    }

    private int prune(String counterId, BroadcastPass pass, Deadline deadline) {
        if (pass.toRemove().isEmpty()) {
            return 0;
        }
        return counters.leave(counterId, pass.toRemove(), Change.PRUNE, timekeeper.now(), deadline);
    }

    /**
     * The limits of a pass.
     *
     * @param concurrency how many posts are under way at once
     * @param handshakeGrace how old a connection must be for its 410 to mean that it is gone
     * @param backoff the wait before a connection is tried again
     */
    public record PassSettings(int concurrency, Duration handshakeGrace, Backoff backoff) {}
}
