package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.dynamodb.InterleavingRun.Event;
import io.github.visitorcounter.internal.dynamodb.InterleavingRun.Faults;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Explores the interleavings of connects, disconnects, growth, and a fold or the removal of one counter, or of a
 * counter and the site counter, with the real code. The connections of a scenario share one visit, or each has its own.
 */
public final class CountingInterleavings {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Deadline LATER = new Deadline(NOW.plusSeconds(60));
    private static final Duration UNUSED_AFTER = Duration.ofDays(28);
    private static final Shards EIGHT = new Shards(8, "first");

    /** Twice what a busy counter changes between two reads of the same call. */
    private static final long CHANGES_OF_OTHERS = 20;

    /**
     * The concurrent events.
     *
     * @param events for instance {@code connect0}; an event that is named twice is delivered twice
     * @param hasVisit whether the connections share a visit
     * @param hasSite whether a site counter counts the connections as well
     * @param conflicts the maximum of conflicts, each at the row of one counter; if it has one row, the changes that
     *     cause them make it busy
     * @param timeouts the maximum of calls whose outcome is unknown
     * @param upkeep what a reconcile does
     * @param shards how many rows each counter has first, 1 or 8
     * @param maxLive the limit of {@code live}; 0 for none
     */
    public record Scenario(
            String events,
            boolean hasVisit,
            boolean hasSite,
            int conflicts,
            int timeouts,
            Upkeep upkeep,
            int shards,
            int maxLive) {

        /** Starts with eight rows and without a limit. */
        public Scenario(String events, boolean hasVisit, boolean hasSite, int conflicts, int timeouts, Upkeep upkeep) {
            this(events, hasVisit, hasSite, conflicts, timeouts, upkeep, EIGHT.count(), 0);
        }

        Shards begin() {
            return shards == 1 ? Shards.HOME_ONLY : EIGHT;
        }
    }

    /** What a concurrent reconcile does to the counter. */
    public enum Upkeep {
        NONE,
        /** It folds the counters. */
        FOLD,
        /** It removes a counter of a wildcard that has not changed for four weeks. */
        REMOVE
    }

    /** Which row the first and the later attempts choose: the home row or another one. */
    private record Plan(boolean homeFirst, boolean homeLater) {}

    private final Supplier<DynamoDbClient> tables;
    private final Scenario scenario;
    private long runs;
    private long grown;

    public CountingInterleavings(Supplier<DynamoDbClient> tables, Scenario scenario) {
        this.tables = tables;
        this.scenario = scenario;
    }

    public long runs() {
        return runs;
    }

    /** Returns the number of runs in which the counter had more rows at the end than at first. */
    public long grown() {
        return grown;
    }

    /** Runs all interleavings, depth first, but at most {@code max} for each plan; each run needs tables of its own. */
    public void exhaust(int max) {
        for (Plan plan : plans()) {
            int[] path = new int[0];
            for (int run = 0; path != null && run < max; run++) {
                path = nextPath(run(plan, path, null));
            }
        }
    }

    /** Runs random interleavings. */
    public void sample(int number, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < number; i++) {
            run(plans().get(i % plans().size()), new int[0], random);
        }
    }

    private static List<Plan> plans() {
        return List.of(new Plan(true, true), new Plan(true, false), new Plan(false, true), new Plan(false, false));
    }

    /**
     * Returns the next path in depth-first order: the last decision with another choice takes it. Null after the last
     * path.
     */
    private static int @Nullable [] nextPath(List<int[]> taken) {
        for (int last = taken.size() - 1; last >= 0; last--) {
            if (taken.get(last)[0] + 1 < taken.get(last)[1]) {
                int[] path = new int[last + 1];
                for (int i = 0; i <= last; i++) {
                    path[i] = taken.get(i)[0];
                }
                path[last]++;
                return path;
            }
        }
        return null;
    }

    private List<int[]> run(Plan plan, int[] path, @Nullable SplittableRandom random) {
        runs++;
        DynamoDbClient client = tables.get();
        // The rows follow from the ids, so all runs of an exhaustive search have the same ids, each with its own
        // tables.
        String counterId =
                random == null ? "counter" : "c" + Long.toString(System.identityHashCode(this), 36) + "-" + runs;
        begin(client, counterId, scenario.upkeep() == Upkeep.REMOVE ? NOW.minus(UNUSED_AFTER) : NOW);
        List<int[]> taken = new ArrayList<>();
        IntUnaryOperator decisions = options -> {
            int decision =
                    random != null ? random.nextInt(options) : taken.size() < path.length ? path[taken.size()] : 0;
            taken.add(new int[] {decision, options});
            return decision;
        };
        List<Connection> removals = new CopyOnWriteArrayList<>();
        List<Event> events = events(counterId, plan, removals);
        Runnable check = new Invariants(client, counterId, counterId, events, removals)::check;
        if (scenario.hasSite()) {
            begin(client, site(counterId), NOW);
            Invariants ofSite = new Invariants(client, counterId, site(counterId), events, removals);
            Runnable ofCounter = check;
            check = () -> {
                ofCounter.run();
                ofSite.check();
            };
        }
        InterleavingRun run = new InterleavingRun(
                client,
                events,
                new Faults(scenario.conflicts(), scenario.timeouts()),
                decisions,
                () -> changesOfOthers(client, counterId),
                check);
        run.run();
        grown += shards(client, counterId).count() > scenario.shards() ? 1 : 0;
        return taken;
    }

    private static String site(String counterId) {
        return counterId + "-site";
    }

    /** Changes the version as others' connects and disconnects, so that the counter grows after a few conflicts. */
    private void changesOfOthers(DynamoDbClient client, String counterId) {
        if (scenario.shards() == 1) {
            client.updateItem(request -> request.tableName(Tables.COUNTS.name())
                    .key(CountItem.key(counterId))
                    .updateExpression("ADD #version :changes")
                    .expressionAttributeNames(Map.of("#version", CountItem.VERSION))
                    .expressionAttributeValues(Map.of(":changes", ConnectionItem.number(CHANGES_OF_OTHERS))));
        }
    }

    private static Shards shards(DynamoDbClient client, String counterId) {
        return CountItem.shards(
                new CountReader(client, Tables.COUNTS.name(), InterleavingRun.timeSource(NOW)).home(counterId, LATER));
    }

    /** Creates the home row of a counter that was counted before. */
    private void begin(DynamoDbClient client, String counterId, Instant lastChange) {
        Map<String, AttributeValue> home = new HashMap<>(Map.of(
                CountItem.COUNTER_ID, ConnectionItem.text(counterId),
                CountItem.LIVE, ConnectionItem.number(0),
                CountItem.TOTAL, ConnectionItem.number(0),
                CountItem.VERSION, ConnectionItem.number(CounterRow.firstVersion(lastChange)),
                CountItem.UPDATED_AT, ConnectionItem.number(lastChange.toEpochMilli())));
        if (scenario.shards() > 1) {
            home.put(CountItem.SHARDS, ConnectionItem.number(EIGHT.count()));
            home.put(CountItem.NAME, ConnectionItem.text(String.valueOf(EIGHT.name())));
        }
        client.putItem(request -> request.tableName(Tables.COUNTS.name()).item(home));
        client.putItem(request -> request.tableName(Tables.COUNTS.name())
                .item(Map.of(
                        CountItem.COUNTER_ID, ConnectionItem.text(CountItem.key(LeaseItem.key(counterId))),
                        LeaseItem.SENT_VERSION, ConnectionItem.number(CounterRow.firstVersion(lastChange)))));
    }

    private List<Event> events(String counterId, Plan plan, List<Connection> removals) {
        List<Event> events = new ArrayList<>();
        Map<String, Event> first = new HashMap<>();
        for (String name : scenario.events().split(" ", -1)) {
            int number = name.charAt(name.length() - 1) - '0';
            Connection connection = Connection.opened(
                            id(counterId, number, plan),
                            counterId,
                            NOW.plusSeconds(number),
                            scenario.hasVisit() ? "v" : null)
                    .withSiteCounter(scenario.hasSite() ? site(counterId) : null);
            Event connect = first.get("connect" + number);
            boolean isConnect = name.startsWith("connect");
            Event event = new Event(
                    first.containsKey(name) ? name + "'" : name,
                    isConnect ? () -> connect == null || connect.hasBegun() : () -> connect != null && connect.isDone(),
                    client -> {
                        CounterStore counters = store(client, counterId);
                        if (isConnect) {
                            counters.addConnection(connection, LATER);
                        } else {
                            removals.addAll(counters.removeConnections(
                                    List.of(connection.connectionId()), Change.DISCONNECT, NOW.plusSeconds(9), LATER));
                        }
                    });
            first.putIfAbsent(name, event);
            events.add(event);
        }
        if (scenario.upkeep() == Upkeep.REMOVE) {
            events.add(new Event("removal", () -> true, client -> removeIfUnused(client, counterId)));
        }
        if (scenario.upkeep() == Upkeep.FOLD) {
            TimeSource time = InterleavingRun.timeSource(NOW);
            for (String folded : scenario.hasSite() ? List.of(counterId, site(counterId)) : List.of(counterId)) {
                events.add(new Event("fold of " + folded, () -> true, client -> new DynamoDbReconcileStore(
                                client, Tables.CONNECTIONS.name(), Tables.COUNTS.name(), 10, time)
                        .fold(folded, NOW, LATER)));
            }
        }
        return events;
    }

    /**
     * Does what a reconcile does: reads the counter, then all connections, and removes the counter if both show that it
     * is unused.
     */
    private static void removeIfUnused(DynamoDbClient client, String counterId) {
        ReconcileStore store = new DynamoDbReconcileStore(
                client, Tables.CONNECTIONS.name(), Tables.COUNTS.name(), 1_000, InterleavingRun.timeSource(NOW));
        CounterState read = store.readCounters(List.of(counterId), LATER).get(counterId);
        Instant unusedSince = NOW.minus(UNUSED_AFTER);
        boolean isQuiet = !Objects.requireNonNull(read.count().updatedAt()).isAfter(unusedSince);
        boolean hasConnections =
                store.readConnections(new ReconcileStore.Part(0, 1, null), LATER).connections().stream()
                        .anyMatch(connection -> connection.counterId().equals(counterId));
        if (isQuiet && read.count().live() == 0 && !hasConnections) {
            store.removeUnused(read, unusedSince, NOW, LATER);
        }
    }

    /** Returns a store that knows the rows, as an instance does that read the home row long before the fold. */
    private CounterStore store(DynamoDbClient client, String counterId) {
        KnownShards known = new KnownShards();
        known.learn(counterId, scenario.begin(), NOW);
        known.learn(site(counterId), scenario.begin(), NOW);
        return new DynamoDbCounterStore(
                client,
                VisitorCounterConfig.builder()
                        .set(Setting.COUNTING_MODE, CountingMode.VISITS)
                        .set(Setting.MAX_LIVE, scenario.maxLive())
                        .build(),
                known,
                InterleavingRun.timeSource(NOW));
    }

    /** With a limit, the connections of a run come to different rows. */
    private String id(String counterId, int number, Plan plan) {
        for (int i = 0; ; i++) {
            String id = counterId + "-" + number + "-" + i + "=";
            if (scenario.maxLive() > 0
                    || ((EIGHT.choose(id, 0) == 0) == plan.homeFirst()
                            && (EIGHT.choose(id, 1) == 0) == plan.homeLater())) {
                return id;
            }
        }
    }

    /** The invariants after each step. */
    private final class Invariants {
        private final DynamoDbClient client;
        private final String ofRows;
        private final String counterId;
        private final List<Event> events;
        private final List<Connection> removals;
        private final Set<Event> sawFull = new HashSet<>();
        private final Set<Event> over = new HashSet<>();
        private boolean wasFull;
        private long newest;

        Invariants(
                DynamoDbClient client, String ofRows, String counterId, List<Event> events, List<Connection> removals) {
            this.ofRows = ofRows;
            this.removals = removals;
            this.client = client;
            this.counterId = counterId;
            this.events = events;
        }

        void check() {
            CountReader.Reading reading = new CountReader(client, Tables.COUNTS.name(), InterleavingRun.timeSource(NOW))
                    .read(counterId, LATER);
            long connections =
                    client
                            .scan(request ->
                                    request.tableName(Tables.CONNECTIONS.name()).consistentRead(true))
                            .items()
                            .stream()
                            .filter(item ->
                                    ofRows.equals(item.get(CountItem.COUNTER_ID).s()))
                            .count();
            long expectedLive = scenario.hasVisit() ? Math.min(1, connections) : connections;
            require(
                    reading.count().live() == expectedLive,
                    "live is " + reading.count().live() + ", expected " + expectedLive);
            long version = reading.count().version();
            require(version == 0 || version >= newest, "version " + version + " after " + newest);
            newest = Math.max(newest, version);
            require(!reading.home().isEmpty() || !hasLease(), "removed, but not its lease");
            require(reading.count().total() <= 1 || !isOneVisit(), "counted twice");
            boolean accepted = events.stream().anyMatch(event -> event.name.startsWith("connect") && event.isDone());
            boolean areDisconnectsDone = events.stream()
                    .filter(event -> event.name.startsWith("disconnect"))
                    .allMatch(Event::isDone);
            // If a visit has other connections, the assumed end of the visit may change, and the token with it.
            require(
                    scenario.events().contains("1") || !areDisconnectsDone || connections > 0 || !removals.isEmpty(),
                    "removed, but no call returned it");
            require(
                    events.stream().allMatch(event -> mayEndWith(event.failure())),
                    "failed, although DynamoDB answers again");
            if (scenario.maxLive() > 0) {
                checkLimit(reading.count().live());
            }
            require(!accepted || reading.count().total() > 0, "accepted, not counted");
        }

        private boolean mayEndWith(@Nullable RuntimeException failure) {
            return failure == null
                    || (scenario.maxLive() > 0 && failure instanceof CounterFullException)
                    || (scenario.maxLive() > 0
                            && scenario.timeouts() > 0
                            && failure instanceof ServiceUnavailableException);
        }

        /** The limit holds at every moment, and who is rejected has seen a moment at which the counter was full. */
        private void checkLimit(long live) {
            require(live <= scenario.maxLive(), "live is " + live + ", above the limit");
            boolean isFull = live == scenario.maxLive();
            for (Event event : events) {
                if (event.hasBegun() && !over.contains(event)) {
                    if (isFull || wasFull) {
                        sawFull.add(event);
                    }
                    if (event.hasEnded()) {
                        over.add(event);
                    }
                    require(
                            !(event.failure() instanceof CounterFullException) || sawFull.contains(event),
                            event.name + " rejected, although there was capacity all the time");
                }
            }
            wasFull = isFull;
        }

        private boolean hasLease() {
            return !client.getItem(request -> request.tableName(Tables.COUNTS.name())
                            .key(LeaseItem.key(counterId))
                            .consistentRead(true))
                    .item()
                    .isEmpty();
        }

        private boolean isOneVisit() {
            return scenario.hasVisit() || !scenario.events().contains("1");
        }

        private void require(boolean holds, String problem) {
            if (!holds) {
                throw new AssertionError(problem);
            }
        }
    }
}
