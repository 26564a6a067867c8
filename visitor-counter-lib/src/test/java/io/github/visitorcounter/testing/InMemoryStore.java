package io.github.visitorcounter.testing;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Both stores in memory. It passes the same contract suite as DynamoDB, so tests may rely on it. Its pages may lag like those of
 * an index. Thread-safe.
 */
public final class InMemoryStore implements ConnectionStore, CounterStore {

    private final NavigableMap<String, Connection> connections = new TreeMap<>();
    private final Map<String, Instant> countedAt = new HashMap<>();
    private final Map<String, VisitorCount> counts = new HashMap<>();
    private final Timekeeper timekeeper;
    private final int pageSize;
    private Duration lag = Duration.ZERO;

    public InMemoryStore(Timekeeper timekeeper, int pageSize) {
        this.timekeeper = timekeeper;
        this.pageSize = pageSize;
    }

    @Override
    public synchronized void arrive(Connection connection, Deadline deadline) {
        if (connections.putIfAbsent(connection.connectionId(), connection) == null) {
            countedAt.put(connection.connectionId(), timekeeper.now());
            VisitorCount before = read(connection.counterId(), deadline);
            counts.put(
                    connection.counterId(),
                    new VisitorCount(
                            connection.counterId(),
                            before.live() + 1,
                            before.total() + 1,
                            before.version() + 1,
                            connection.connectedAt()));
        }
    }

    @Override
    public synchronized int leave(
            String counterId, Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        Set<String> present = new TreeSet<>(connectionIds);
        present.retainAll(connections.keySet());
        if (!present.isEmpty()) {
            connections.keySet().removeAll(present);
            VisitorCount before = read(counterId, deadline);
            long live = Math.max(0, before.live() - present.size());
            counts.put(counterId, new VisitorCount(counterId, live, before.total(), before.version() + 1, at));
        }
        return present.size();
    }

    @Override
    public synchronized void touch(String counterId, Instant at, Deadline deadline) {
        counts.computeIfPresent(
                counterId, (id, count) -> new VisitorCount(id, count.live(), count.total(), count.version(), at));
    }

    @Override
    public synchronized VisitorCount read(String counterId, Deadline deadline) {
        return counts.getOrDefault(counterId, VisitorCount.none(counterId));
    }

    @Override
    public synchronized @Nullable Connection find(String connectionId, Deadline deadline) {
        return connections.get(connectionId);
    }

    @Override
    public synchronized ConnectionPage read(PageRequest request, Deadline deadline) {
        String cursor = request.cursor();
        List<Connection> page = (cursor == null ? connections : connections.tailMap(cursor, false))
                .values().stream()
                        .filter(row -> segmentOf(row, request.totalSegments()) == request.segment())
                        .limit(pageSize)
                        .toList();
        List<Connection> audience = page.stream()
                .filter(row -> row.counterId().equals(request.counterId()))
                .filter(row -> row.expiresAt().isAfter(timekeeper.now()))
                .filter(row -> !countedAt.get(row.connectionId()).plus(lag).isAfter(timekeeper.now()))
                .toList();
        boolean more = page.size() == pageSize;
        return new ConnectionPage(audience, more ? page.get(pageSize - 1).connectionId() : null);
    }

    /** From now on, connections are in pages so long after they were counted. */
    public synchronized void setLag(Duration time) {
        lag = time;
    }

    @Override
    public synchronized Duration lag() {
        return lag;
    }

    /** Loses a counter, as somebody does who deletes its row. */
    public synchronized void loseCount(String counterId) {
        counts.remove(counterId);
    }

    private static int segmentOf(Connection row, int totalSegments) {
        return Math.floorMod(row.connectionId().hashCode(), totalSegments);
    }
}
