package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitEnd;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import io.github.visitorcounter.internal.reconcile.CounterPage;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.reconcile.ReconcileProgress;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.reconcile.Repair;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All stores in memory. They pass the same contract suites as DynamoDB, so tests may rely on them. Pages may lag like
 * those of an index. Thread-safe.
 */
public final class InMemoryStore implements ConnectionStore, CounterStore, ReconcileStore {

    /** The defaults of the settings. */
    public static final VisitRules DEFAULT_RULES = new VisitRules(Duration.ofMinutes(30), CountingMode.CONNECTIONS);

    private record VisitKey(String counterId, String visit) {}

    private record Tables(
            NavigableMap<String, Connection> connections,
            Map<String, VisitorCount> counts,
            Map<VisitKey, Visit> visits,
            Map<String, Change> lastChanges,
            Map<String, Long> repairs,
            Map<String, Instant> countedAt,
            AtomicReference<Duration> lag,
            AtomicReference<@Nullable ReconcileProgress> progress) {}

    private final Tables tables;
    private final TimeSource timeSource;
    private final int pageSize;
    private final VisitRules rules;
    private final int maxLive;
    private final @Nullable String siteCounter;

    public InMemoryStore(TimeSource timeSource, int pageSize) {
        this(
                new Tables(
                        new TreeMap<>(),
                        new HashMap<>(),
                        new HashMap<>(),
                        new HashMap<>(),
                        new HashMap<>(),
                        new HashMap<>(),
                        new AtomicReference<>(Duration.ZERO),
                        new AtomicReference<>()),
                timeSource,
                pageSize,
                DEFAULT_RULES,
                0,
                null);
    }

    private InMemoryStore(
            Tables tables,
            TimeSource timeSource,
            int pageSize,
            VisitRules rules,
            int maxLive,
            @Nullable String siteCounter) {
        this.tables = tables;
        this.timeSource = timeSource;
        this.pageSize = pageSize;
        this.rules = rules;
        this.maxLive = maxLive;
        this.siteCounter = siteCounter;
    }

    /** Returns a store on the same tables with other rules. */
    public InMemoryStore under(VisitRules otherRules) {
        return new InMemoryStore(tables, timeSource, pageSize, otherRules, maxLive, siteCounter);
    }

    /** Returns a store on the same tables with a maximum of {@code live}; 0 for none. */
    public InMemoryStore limitedTo(int limit) {
        return new InMemoryStore(tables, timeSource, pageSize, rules, limit, siteCounter);
    }

    /** Returns a store on the same tables with a site counter; null for none. */
    public InMemoryStore withSite(@Nullable String counterId) {
        return new InMemoryStore(tables, timeSource, pageSize, rules, maxLive, counterId);
    }

    @Override
    public void addConnection(Connection connection, Deadline deadline) {
        synchronized (tables) {
            if (tables.connections().containsKey(connection.connectionId()) || isDuplicate(connection)) {
                return;
            }
            rejectWhenFull(connection);
            tables.connections().put(connection.connectionId(), connection);
            tables.countedAt().put(connection.connectionId(), timeSource.now());
            for (String counterId : connection.countedIn()) {
                VisitStart start = enter(counterId, connection);
                change(
                        counterId,
                        rules.liveIncrease(start),
                        rules.totalIncrease(start),
                        Change.CONNECT,
                        connection.connectedAt());
            }
        }
    }

    private boolean isDuplicate(Connection connection) {
        return connection.countedIn().stream()
                .anyMatch(counterId -> VisitRules.isDuplicate(connection, visit(counterId, connection)));
    }

    /**
     * A counter begins at version 0, so that tests know its versions; in DynamoDB it begins at the current time. Its
     * {@code live} may be negative; reads return zero then.
     */
    private void change(String counterId, long live, long total, Change change, Instant at) {
        VisitorCount before = tables.counts().getOrDefault(counterId, VisitorCount.none(counterId));
        tables.counts()
                .put(
                        counterId,
                        new VisitorCount(
                                counterId, before.live() + live, before.total() + total, before.version() + 1, at));
        tables.lastChanges().put(counterId, change);
    }

    private void rejectWhenFull(Connection connection) {
        String counterId = connection.counterId();
        VisitorCount count = tables.counts().get(counterId);
        boolean isLimited = maxLive > 0 && !connection.onlyWatches() && !counterId.equals(siteCounter);
        if (isLimited
                && count != null
                && count.live() >= maxLive
                && rules.liveIncrease(start(counterId, connection)) > 0) {
            throw new CounterFullException(counterId);
        }
    }

    private VisitStart start(String counterId, Connection connection) {
        return rules.start(visit(counterId, connection), connection.connectedAt());
    }

    private @Nullable Visit visit(String counterId, Connection connection) {
        return tables.visits().get(new VisitKey(counterId, connection.countedWith()));
    }

    private VisitStart enter(String counterId, Connection connection) {
        VisitKey key = new VisitKey(counterId, connection.countedWith());
        Visit before = tables.visits().get(key);
        VisitStart start = start(counterId, connection);
        long open = start == VisitStart.NEW ? 1 : before.open() + 1;
        Instant expiresAt = Instant.ofEpochSecond(rules.expiresAt(connection).getEpochSecond());
        tables.visits().put(key, new Visit(open, before == null ? null : before.endedAt(), expiresAt));
        return start;
    }

    @Override
    public List<Connection> removeConnections(
            Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        synchronized (tables) {
            List<Connection> left = new TreeSet<>(connectionIds)
                    .stream()
                            .flatMap(
                                    id -> Stream.ofNullable(tables.connections().remove(id)))
                            .toList();
            Map<String, List<Connection>> byCounter = new TreeMap<>();
            left.forEach(connection -> connection.countedIn().forEach(counterId -> byCounter
                    .computeIfAbsent(counterId, any -> new ArrayList<>())
                    .add(connection)));
            byCounter.forEach((counterId, connections) -> {
                long lost = liveDecrease(counterId, connections, at);
                if (lost > 0) {
                    change(counterId, -lost, 0, change, at);
                }
            });
            return left;
        }
    }

    private long liveDecrease(String counterId, List<Connection> leaving, Instant at) {
        long lost = 0;
        Map<String, List<Connection>> byVisit =
                leaving.stream().collect(Collectors.groupingBy(Connection::countedWith));
        for (var visit : byVisit.entrySet()) {
            int number = visit.getValue().size();
            lost += rules.liveDecrease(number, end(new VisitKey(counterId, visit.getKey()), number, at));
        }
        return lost;
    }

    private @Nullable VisitEnd end(VisitKey key, int leaving, Instant at) {
        Visit before = tables.visits().get(key);
        if (before == null) {
            return null;
        }
        VisitEnd end = rules.end(before, leaving, at);
        long open = end.last() ? 0 : before.open() - leaving;
        tables.visits().put(key, new Visit(open, end.endedAt(), before.expiresAt()));
        return end;
    }

    @Override
    public VisitorCount read(String counterId, Deadline deadline) {
        synchronized (tables) {
            VisitorCount count = tables.counts().getOrDefault(counterId, VisitorCount.none(counterId));
            return count.live() >= 0
                    ? count
                    : new VisitorCount(counterId, 0, count.total(), count.version(), count.updatedAt());
        }
    }

    @Override
    public @Nullable Connection find(String connectionId, Deadline deadline) {
        synchronized (tables) {
            return tables.connections().get(connectionId);
        }
    }

    @Override
    public ConnectionPage read(PageRequest request, Deadline deadline) {
        synchronized (tables) {
            ConnectionPage page = page(request.segment(), request.totalSegments(), request.cursor());
            List<Connection> audience = page.connections().stream()
                    .filter(row ->
                            isSite(request.counterId()) || row.counterId().equals(request.counterId()))
                    .filter(row -> row.expiresAt().isAfter(timeSource.now()))
                    .filter(row -> isSite(request.counterId()) || !shownAt(row).isAfter(timeSource.now()))
                    .toList();
            return new ConnectionPage(audience, page.next());
        }
    }

    /** Returns all rows of a page, of all counters. */
    private ConnectionPage page(int segment, int totalSegments, @Nullable String cursor) {
        NavigableMap<String, Connection> rows = tables.connections();
        List<Connection> page = (cursor == null ? rows : rows.tailMap(cursor, false))
                .values().stream()
                        .filter(row -> segmentOf(row, totalSegments) == segment)
                        .limit(pageSize)
                        .toList();
        boolean more = page.size() == pageSize;
        return new ConnectionPage(page, more ? page.get(pageSize - 1).connectionId() : null);
    }

    @Override
    public ConnectionPage readConnections(Part part, Deadline deadline) {
        synchronized (tables) {
            return page(part.segment(), part.totalSegments(), part.cursor());
        }
    }

    @Override
    public CounterPage readCounters(@Nullable String cursor, Deadline deadline) {
        synchronized (tables) {
            List<CounterState> page = tables.counts().keySet().stream()
                    .sorted()
                    .filter(counterId -> cursor == null || counterId.compareTo(cursor) > 0)
                    .limit(pageSize)
                    .map(this::state)
                    .toList();
            boolean more = page.size() == pageSize;
            return new CounterPage(
                    page, List.of(), more ? page.get(pageSize - 1).count().counterId() : null);
        }
    }

    @Override
    public Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
        synchronized (tables) {
            return counterIds.stream().distinct().collect(Collectors.toMap(counterId -> counterId, this::state));
        }
    }

    private CounterState state(String counterId) {
        return new CounterState(
                tables.counts().getOrDefault(counterId, VisitorCount.none(counterId)),
                tables.repairs().getOrDefault(counterId, 0L),
                tables.lastChanges().get(counterId),
                Shards.HOME_ONLY,
                null);
    }

    @Override
    public boolean repair(Repair repair, Deadline deadline) {
        synchronized (tables) {
            String counterId = repair.counterId();
            CounterState now = state(counterId);
            VisitorCount count = now.count();
            if (now.repairs() != repair.measured().repairs()) {
                return false;
            }
            boolean isNew = !tables.counts().containsKey(counterId);
            edit(new VisitorCount(
                    counterId,
                    count.live() - repair.drift(),
                    isNew ? -repair.drift() : count.total(),
                    count.version() + repair.versionStep(),
                    repair.at()));
            tables.repairs().merge(counterId, 1L, Long::sum);
            tables.lastChanges().put(counterId, Change.RECONCILE);
            return true;
        }
    }

    /** A counter has one row here, which can always be written. */
    @Override
    public void see(CounterState state, Instant at, Deadline deadline) {
        throw new UnsupportedOperationException("A counter in memory has one row");
    }

    @Override
    public void fold(String counterId, Instant at, Deadline deadline) {
        throw new UnsupportedOperationException("A counter in memory has one row");
    }

    @Override
    public void closeStray(Collection<ShardKey> shards, Instant at, Deadline deadline) {
        throw new UnsupportedOperationException("A counter in memory has one row");
    }

    @Override
    public boolean removeUnused(CounterState state, Instant unusedSince, Instant at, Deadline deadline) {
        synchronized (tables) {
            String counterId = state.count().counterId();
            if (!tables.counts().containsKey(counterId) || !state(counterId).equals(state)) {
                return false;
            }
            loseCount(counterId);
            return true;
        }
    }

    @Override
    public @Nullable ReconcileProgress readProgress(Deadline deadline) {
        return tables.progress().get();
    }

    @Override
    public void saveProgress(ReconcileProgress progress, Deadline deadline) {
        tables.progress().set(progress);
    }

    @Override
    public void clearProgress(Deadline deadline) {
        tables.progress().set(null);
    }

    /** Changes a counter, as an operator who edits its row. */
    public void edit(VisitorCount count) {
        synchronized (tables) {
            tables.counts().put(count.counterId(), count);
        }
    }

    /** Removes a connection's row alone, as DynamoDB's time to live does. */
    public void loseConnection(String connectionId) {
        synchronized (tables) {
            tables.connections().remove(connectionId);
        }
    }

    private boolean isSite(String counterId) {
        return counterId.equals(siteCounter);
    }

    private Instant shownAt(Connection row) {
        return tables.countedAt().get(row.connectionId()).plus(tables.lag().get());
    }

    /** Sets the lag of pages. */
    public void setLag(Duration time) {
        tables.lag().set(time);
    }

    @Override
    public Duration lag(String counterId) {
        return isSite(counterId) ? Duration.ZERO : tables.lag().get();
    }

    /** Deletes a counter, as an operator who deletes its row. */
    public void loseCount(String counterId) {
        synchronized (tables) {
            tables.counts().remove(counterId);
            tables.lastChanges().remove(counterId);
            tables.repairs().remove(counterId);
        }
    }

    /** Deletes a visit, as the table's TTL does. */
    public void loseVisit(String counterId, String visit) {
        synchronized (tables) {
            tables.visits().remove(new VisitKey(counterId, visit));
        }
    }

    /** Returns the stored state of a visit. */
    public @Nullable Visit visit(String counterId, String visit) {
        synchronized (tables) {
            return tables.visits().get(new VisitKey(counterId, visit));
        }
    }

    private static int segmentOf(Connection row, int totalSegments) {
        return Math.floorMod(row.connectionId().hashCode(), totalSegments);
    }
}
