package io.github.visitorcounter.testing;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.reconcile.CounterPage;
import io.github.visitorcounter.reconcile.CounterState;
import io.github.visitorcounter.reconcile.ReconcileStore;
import io.github.visitorcounter.reconcile.Repair;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Both stores in memory. It passes the same contract suite as DynamoDB, so tests may rely on it. Thread-safe. */
public final class InMemoryStore implements ConnectionStore, CounterStore, ReconcileStore {

    private final NavigableMap<String, Connection> connections = new TreeMap<>();
    private final Map<String, VisitorCount> counts = new HashMap<>();
    private final Map<String, Long> repairs = new HashMap<>();
    private final Map<String, Change> lastChanges = new HashMap<>();
    private final Timekeeper timekeeper;
    private final int pageSize;

    public InMemoryStore(Timekeeper timekeeper, int pageSize) {
        this.timekeeper = timekeeper;
        this.pageSize = pageSize;
    }

    @Override
    public synchronized void arrive(Connection connection, Deadline deadline) {
        if (connections.putIfAbsent(connection.connectionId(), connection) == null) {
            VisitorCount before = read(connection.counterId(), deadline);
            counts.put(
                    connection.counterId(),
                    new VisitorCount(
                            connection.counterId(),
                            before.live() + 1,
                            before.total() + 1,
                            before.version() + 1,
                            connection.connectedAt()));
            lastChanges.put(connection.counterId(), Change.CONNECT);
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
            lastChanges.put(counterId, change);
        }
        return present.size();
    }

    @Override
    public synchronized void touch(String counterId, Instant at, Deadline deadline) {
        if (counts.containsKey(counterId)) {
            counts.computeIfPresent(
                    counterId, (id, count) -> new VisitorCount(id, count.live(), count.total(), count.version(), at));
            lastChanges.put(counterId, Change.PACE);
        }
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
                .toList();
        boolean more = page.size() == pageSize;
        return new ConnectionPage(audience, more ? page.get(pageSize - 1).connectionId() : null);
    }

    @Override
    public synchronized ConnectionPage readConnections(Part part, Deadline deadline) {
        String cursor = part.cursor();
        List<Connection> page = (cursor == null ? connections : connections.tailMap(cursor, false))
                .values().stream()
                        .filter(row -> segmentOf(row, part.totalSegments()) == part.segment())
                        .limit(pageSize)
                        .toList();
        boolean more = page.size() == pageSize;
        return new ConnectionPage(page, more ? page.get(pageSize - 1).connectionId() : null);
    }

    @Override
    public synchronized CounterPage readCounters(@Nullable String cursor, Deadline deadline) {
        List<CounterState> page = counts.keySet().stream()
                .sorted()
                .filter(counterId -> cursor == null || counterId.compareTo(cursor) > 0)
                .limit(pageSize)
                .map(this::state)
                .toList();
        boolean more = page.size() == pageSize;
        return new CounterPage(page, more ? page.get(pageSize - 1).count().counterId() : null);
    }

    @Override
    public synchronized Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
        return counterIds.stream().distinct().collect(Collectors.toMap(counterId -> counterId, this::state));
    }

    private CounterState state(String counterId) {
        return new CounterState(
                counts.getOrDefault(counterId, VisitorCount.none(counterId)),
                repairs.getOrDefault(counterId, 0L),
                lastChanges.get(counterId));
    }

    @Override
    public synchronized boolean repair(Repair repair, Deadline deadline) {
        String counterId = repair.counterId();
        VisitorCount count = state(counterId).count();
        if (repairs.getOrDefault(counterId, 0L) != repair.measured().repairs() || count.live() < repair.drift()) {
            return false;
        }
        boolean isNew = !counts.containsKey(counterId);
        edit(new VisitorCount(
                counterId,
                count.live() - repair.drift(),
                isNew ? -repair.drift() : count.total(),
                count.version() + repair.versionStep(),
                repair.at()));
        repairs.merge(counterId, 1L, Long::sum);
        lastChanges.put(counterId, Change.RECONCILE);
        return true;
    }

    /** Changes a counter, as somebody does who edits its row. */
    public synchronized void edit(VisitorCount count) {
        counts.put(count.counterId(), count);
    }

    /** Removes a connection's row alone, as DynamoDB's time to live does. */
    public synchronized void loseConnection(String connectionId) {
        connections.remove(connectionId);
    }

    /** Loses a counter, as somebody does who deletes its row. */
    public synchronized void loseCount(String counterId) {
        counts.remove(counterId);
        repairs.remove(counterId);
        lastChanges.remove(counterId);
    }

    private static int segmentOf(Connection row, int totalSegments) {
        return Math.floorMod(row.connectionId().hashCode(), totalSegments);
    }
}
