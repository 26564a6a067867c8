package io.github.visitorcounter.simulation;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.SimulatedAdapters;
import io.github.visitorcounter.internal.time.Deadline;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Simulates connects and disconnects of one counter at a fixed rate, in virtual time, on a DynamoDB whose transactions
 * hold their items and conflict. Each invocation runs in an instance that processes one event at a time and keeps its
 * cache. The original design runs on the same DynamoDB.
 */
final class RateScenario {

    private static final long HALF_OF_THE_GRACE = 10_000_000;
    private static final double MICROS = 1e6;

    /** A function's instance: it connects and disconnects. */
    interface Instance {

        /**
         * Counts a connection.
         *
         * @throws ServiceUnavailableException if it is not counted
         */
        void connect(Connection connection);

        /**
         * Removes a connection.
         *
         * @throws ServiceUnavailableException if it is not removed
         */
        void disconnect(Connection connection);
    }

    /**
     * The load.
     *
     * @param connects connects per second
     * @param disconnects disconnects per second, of connections that were counted before
     * @param seconds the duration
     * @param holdMillis how long a transaction holds its items
     * @param maxShards how many rows a counter may have; {@link #ORIGINAL} for the original design
     */
    record Load(int connects, int disconnects, double seconds, double holdMillis, int maxShards) {

        /** Plain writes to one row. */
        static final int ORIGINAL = 0;

        boolean isOriginal() {
            return maxShards == ORIGINAL;
        }
    }

    /** The results. */
    record Result(
            int changes, int rejected, double p50, double p99, double attempts, int shards, double units, int atOnce) {

        String row() {
            return String.format(
                    Locale.ROOT,
                    "%.1f %% | %.0f ms | %.0f ms | %.2f | %d | %.1f | %d",
                    100.0 * rejected / changes,
                    p50,
                    p99,
                    attempts,
                    shards,
                    units,
                    atOnce);
        }
    }

    private final SimulatedWorld world = new SimulatedWorld(1, false);
    private final MemoryDynamoDb tables = MemoryDynamoDb.withTables(world::now, MemoryDynamoDb.NO_LISTENER);
    private final SplittableRandom random = new SplittableRandom(7);
    private final Load load;
    private final CountingDynamoDb client;
    private final Deque<Instance> idle = new ArrayDeque<>();
    private final List<Long> times = new ArrayList<>();
    private int changes;
    private int rejected;
    private int running;
    private int atOnce;

    private RateScenario(Load load) {
        this.load = load;
        this.client = new CountingDynamoDb(
                new FaultyDynamoDb(world, tables, load.holdMillis()),
                load.isOriginal() ? "updateItem" : "transactWriteItems");
    }

    static Result run(Load load) throws Throwable {
        return new RateScenario(load).run();
    }

    private Result run() throws Throwable {
        int leaving = (int) (load.disconnects() * load.seconds());
        List<Connection> before = new ArrayList<>();
        for (int i = 0; i < leaving; i++) {
            before.add(connection("old-" + i));
        }
        countedBefore(before);
        long length = (long) (load.seconds() * MICROS);
        for (int i = 0; i < load.connects() * load.seconds(); i++) {
            Connection connection = connection("new-" + i);
            at(random.nextLong(length), instance -> instance.connect(connection));
        }
        for (Connection connection : before) {
            at(random.nextLong(length), instance -> instance.disconnect(connection));
        }
        world.scheduler().runUntilQuiet();
        world.scheduler().end();
        Collections.sort(times);
        return new Result(
                changes,
                rejected,
                percentile(0.5),
                percentile(0.99),
                (double) client.calls() / changes,
                shards(),
                (double) tables.contention().units() / changes,
                atOnce);
    }

    /** Counts connections before the scenario, one after another, so that the counter does not grow. */
    private void countedBefore(List<Connection> connections) {
        Instance instance = instance(tables);
        connections.forEach(connection -> {
            instance.connect(connection);
            tables.contention().forget();
        });
    }

    private Instance instance(DynamoDbClient dynamoDb) {
        if (load.isOriginal()) {
            return new OriginalDesign(dynamoDb, world);
        }
        CounterStore store = new SimulatedAdapters(dynamoDb, null, world, 1_000)
                .counters(VisitorCounterConfig.builder()
                        .set(Setting.MAX_COUNTER_SHARDS, load.maxShards())
                        .build());
        return new Instance() {
            @Override
            public void connect(Connection connection) {
                store.addConnection(connection, deadline());
            }

            @Override
            public void disconnect(Connection connection) {
                store.removeConnections(List.of(connection.connectionId()), Change.DISCONNECT, world.now(), deadline());
            }
        };
    }

    private Connection connection(String id) {
        return Connection.opened(id + "=", "site", world.now(), "visit-" + id);
    }

    private Deadline deadline() {
        return new Deadline(world.now().plusNanos(HALF_OF_THE_GRACE * 1_000));
    }

    private void at(long micros, Consumer<Instance> change) {
        changes++;
        world.scheduler().after(micros, () -> begin(change));
    }

    private void begin(Consumer<Instance> change) {
        Instance instance = idle.isEmpty() ? instance(client.client()) : idle.pop();
        long began = world.scheduler().now();
        atOnce = Math.max(atOnce, ++running);
        Invocation invocation =
                new Invocation("rate", "rate", "rate", Deployment.STANDARD, Long.MAX_VALUE, 0, answer -> {});
        world.scheduler().start(invocation, () -> {
            try {
                change.accept(instance);
                times.add(world.scheduler().now() - began);
            } catch (ServiceUnavailableException outOfTime) {
                rejected++;
            }
            running--;
            idle.push(instance);
        });
    }

    private double percentile(double share) {
        return times.isEmpty() ? Double.NaN : times.get((int) (share * (times.size() - 1))) / 1_000.0;
    }

    private int shards() {
        var shards = tables.items(MemoryDynamoDb.COUNTS).get("site").get("shards");
        return shards == null ? 1 : Integer.parseInt(shards.n());
    }
}
