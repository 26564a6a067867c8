package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.dynamodb.InterleavingRun.Event;
import io.github.visitorcounter.internal.dynamodb.InterleavingRun.Troubles;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Explores how connects, disconnects and a fold of one counter may meet, on the real code: as the model of DESIGN section 3 does. All
 * connections of a scenario are of one visit, or each is its own.
 */
public final class CountingInterleavings {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Deadline LATER = new Deadline(NOW.plusSeconds(60));
    private static final Shards SHARDS = new Shards(8, "first");

    /**
     * What meets.
     *
     * @param events such as {@code connect0}; one that comes twice is delivered twice
     * @param hasVisit whether the connections name a visit
     */
    public record Scenario(String events, boolean hasVisit, int conflicts, int timeouts, boolean folds) {}

    /** Which rows the first and the later attempts take: the home row, or another. */
    private record Plan(boolean homeFirst, boolean homeLater) {}

    private final Supplier<DynamoDbClient> tables;
    private final Scenario scenario;
    private long runs;

    public CountingInterleavings(Supplier<DynamoDbClient> tables, Scenario scenario) {
        this.tables = tables;
        this.scenario = scenario;
    }

    public long runs() {
        return runs;
    }

    /** Runs all interleavings, depth first; at most so many for each plan. */
    public void exhaust(int max) {
        for (Plan plan : plans()) {
            int[] path = new int[0];
            for (int run = 0; path != null && run < max; run++) {
                path = following(run(plan, path, null));
            }
        }
    }

    /** Runs some interleavings at random. */
    public void sample(int number, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < number; i++) {
            run(plans().get(i % plans().size()), new int[0], random);
        }
    }

    private static List<Plan> plans() {
        return List.of(new Plan(true, true), new Plan(true, false), new Plan(false, true), new Plan(false, false));
    }

    /** The path after one that was taken: the last decision that has another choice takes it. */
    private static int @Nullable [] following(List<int[]> taken) {
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
        String counterId = "c" + Long.toString(System.identityHashCode(this), 36) + "-" + runs;
        begin(client, counterId);
        List<int[]> taken = new ArrayList<>();
        IntUnaryOperator decisions = options -> {
            int decision =
                    random != null ? random.nextInt(options) : taken.size() < path.length ? path[taken.size()] : 0;
            taken.add(new int[] {decision, options});
            return decision;
        };
        List<Connection> removals = new CopyOnWriteArrayList<>();
        List<Event> events = events(counterId, plan, removals);
        Truth truth = new Truth(client, counterId, events, removals);
        InterleavingRun run = new InterleavingRun(
                client, events, new Troubles(scenario.conflicts(), scenario.timeouts()), decisions, truth::check);
        run.run();
        return taken;
    }

    /** The home row of a counter that was counted before and has eight rows. */
    private static void begin(DynamoDbClient client, String counterId) {
        client.putItem(request -> request.tableName(Tables.COUNTS.name())
                .item(Map.of(
                        CountItem.COUNTER_ID, ConnectionItem.text(counterId),
                        CountItem.LIVE, ConnectionItem.number(0),
                        CountItem.TOTAL, ConnectionItem.number(0),
                        CountItem.VERSION, ConnectionItem.number(CounterRow.firstVersion(NOW)),
                        CountItem.SHARDS, ConnectionItem.number(SHARDS.count()),
                        CountItem.NAME, ConnectionItem.text("first"))));
    }

    private List<Event> events(String counterId, Plan plan, List<Connection> removals) {
        List<Event> events = new ArrayList<>();
        Map<String, Event> first = new HashMap<>();
        for (String name : scenario.events().split(" ", -1)) {
            int number = name.charAt(name.length() - 1) - '0';
            Connection connection = Connection.opened(
                    id(counterId, number, plan), counterId, NOW.plusSeconds(number), scenario.hasVisit() ? "v" : null);
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
        if (scenario.folds()) {
            TimeSource time = InterleavingRun.timeSource(NOW);
            events.add(new Event("fold", () -> true, client -> new DynamoDbReconcileStore(
                            client, Tables.CONNECTIONS.name(), Tables.COUNTS.name(), 10, time)
                    .fold(counterId, NOW, LATER)));
        }
        return events;
    }

    /** The instance knows the rows; it may have read of them long before they were folded. */
    private static CounterStore store(DynamoDbClient client, String counterId) {
        KnownShards known = new KnownShards();
        known.learn(counterId, SHARDS, NOW);
        return new DynamoDbCounterStore(
                client,
                VisitorCounterConfig.builder()
                        .set(Setting.COUNTING_MODE, CountingMode.VISITS)
                        .build(),
                known,
                InterleavingRun.timeSource(NOW));
    }

    private static String id(String counterId, int number, Plan plan) {
        for (int i = 0; ; i++) {
            String id = counterId + "-" + number + "-" + i + "=";
            if ((SHARDS.choose(id, 0) == 0) == plan.homeFirst() && (SHARDS.choose(id, 1) == 0) == plan.homeLater()) {
                return id;
            }
        }
    }

    /** What must be true after each step. */
    private final class Truth {
        private final DynamoDbClient client;
        private final String counterId;
        private final List<Event> events;
        private final List<Connection> removals;

        Truth(DynamoDbClient client, String counterId, List<Event> events, List<Connection> removals) {
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
                            .filter(item -> counterId.equals(
                                    item.get(CountItem.COUNTER_ID).s()))
                            .count();
            long there = scenario.hasVisit() ? Math.min(1, connections) : connections;
            require(
                    reading.count().live() == there,
                    "live is " + reading.count().live() + ", there are " + there);
            require(reading.count().total() <= 1 || !oneVisit(), "counted twice");
            boolean accepted = events.stream().anyMatch(event -> event.name.startsWith("connect") && event.isDone());
            boolean haveDisconnected = events.stream()
                    .filter(event -> event.name.startsWith("disconnect"))
                    .allMatch(Event::isDone);
            // Where a visit has other connections, the guess what a disconnect is to it may change, and the token with
            // it.
            require(
                    scenario.events().contains("1") || !haveDisconnected || connections > 0 || !removals.isEmpty(),
                    "who removed it does not know");
            require(events.stream().noneMatch(Event::hasFailed), "failed, though DynamoDB answers again");
            require(!accepted || reading.count().total() > 0, "accepted, not counted");
        }

        private boolean oneVisit() {
            return scenario.hasVisit() || !scenario.events().contains("1");
        }

        private void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }
}
