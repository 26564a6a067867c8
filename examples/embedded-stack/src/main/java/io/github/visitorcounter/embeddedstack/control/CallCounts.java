package io.github.visitorcounter.embeddedstack.control;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Counts every call and adds up what AWS would charge for them. Thread-safe; a reading may miss a call in progress.
 *
 * @since 0.1.0
 */
public final class CallCounts implements Meter {

    private static final int BILLED_MESSAGE_BYTES = 32 * 1024;
    private static final double MILLION = 1_000_000;
    private static final double MILLIS_PER_MINUTE = 60_000;

    private final Clock clock;
    private final Prices prices;
    private final ConnectionTimes connections = new ConnectionTimes();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder billedMessages = new LongAdder();
    private final LongAdder billedPosts = new LongAdder();
    private final ConcurrentMap<Integer, LongAdder> postsByStatus = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, FunctionCounts> functions = new ConcurrentHashMap<>();
    private final DoubleAdder megabyteMillis = new DoubleAdder();
    private final ConcurrentMap<String, LongAdder> dynamoDbCalls = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> conflicts = new ConcurrentHashMap<>();
    private final DoubleAdder readUnits = new DoubleAdder();
    private final DoubleAdder writeUnits = new DoubleAdder();

    /**
     * Creates counts of zero.
     *
     * @param clock measures how long connections are open
     * @param prices for the estimated cost
     */
    public CallCounts(Clock clock, Prices prices) {
        this.clock = clock;
        this.prices = prices;
    }

    @Override
    public void connectionAccepted() {
        connections.opened(clock.millis());
    }

    @Override
    public void connectionRejected() {
        rejected.increment();
    }

    @Override
    public void connectionClosed(Duration lasted) {
        connections.closed(clock.millis(), lasted.toMillis());
    }

    @Override
    public void clientMessage(int bytes) {
        messages.increment();
        billedMessages.add(billed(bytes));
    }

    @Override
    public void post(int status, int bytes) {
        postsByStatus.computeIfAbsent(status, first -> new LongAdder()).increment();
        if (status == 200) {
            billedPosts.add(billed(bytes));
        }
    }

    @Override
    public void invocation(String functionName, boolean failed, Duration billed, int memoryMegabytes) {
        FunctionCounts counts = counts(functionName);
        counts.count.increment();
        if (failed) {
            counts.errors.increment();
        }
        counts.billedMillis.add(billed.toMillis());
        megabyteMillis.add((double) billed.toMillis() * memoryMegabytes);
    }

    @Override
    public void throttled(String functionName) {
        counts(functionName).throttles.increment();
    }

    private FunctionCounts counts(String functionName) {
        return functions.computeIfAbsent(functionName, first -> new FunctionCounts());
    }

    @Override
    public void dynamoDbConflict(String table) {
        conflicts.computeIfAbsent(table, first -> new LongAdder()).increment();
    }

    @Override
    public void dynamoDbCall(String operation, double newReadUnits, double newWriteUnits) {
        dynamoDbCalls.computeIfAbsent(operation, first -> new LongAdder()).increment();
        readUnits.add(newReadUnits);
        writeUnits.add(newWriteUnits);
    }

    /** Returns the current counts. */
    public Stats stats() {
        ConnectionTimes.Reading connection = connections.read(clock.millis());
        Stats.Connections connectionStats = new Stats.Connections(
                connection.open(), connection.accepted(), rejected.sum(), connection.openMillis() / MILLIS_PER_MINUTE);
        Stats.Messages messageStats = new Stats.Messages(messages.sum(), billedMessages.sum());
        Stats.Posts postStats = posts();
        Map<String, Stats.Invocations> invocations = sorted(functions, FunctionCounts::read);
        Stats.DynamoDb dynamoDb = new Stats.DynamoDb(
                sorted(dynamoDbCalls, LongAdder::sum),
                readUnits.sum(),
                writeUnits.sum(),
                sorted(conflicts, LongAdder::sum));
        return new Stats(
                connectionStats,
                messageStats,
                postStats,
                invocations,
                dynamoDb,
                cost(connectionStats, messageStats, postStats, invocations, dynamoDb));
    }

    private Stats.Posts posts() {
        Map<Integer, Long> byStatus = sorted(postsByStatus, LongAdder::sum);
        long ok = byStatus.getOrDefault(200, 0L);
        long gone = byStatus.getOrDefault(410, 0L);
        long throttled = byStatus.getOrDefault(429, 0L);
        long all = byStatus.values().stream().mapToLong(Long::longValue).sum();
        return new Stats.Posts(ok, gone, throttled, all - ok - gone - throttled, billedPosts.sum(), byStatus);
    }

    private Stats.EstimatedCost cost(
            Stats.Connections connection,
            Stats.Messages message,
            Stats.Posts posts,
            Map<String, Stats.Invocations> invocations,
            Stats.DynamoDb dynamoDb) {
        double messageCost = (message.billed() + posts.billed()) * prices.perMillionMessages() / MILLION;
        double minuteCost = connection.minutes() * prices.perMillionConnectionMinutes() / MILLION;
        long requests = invocations.values().stream()
                .mapToLong(Stats.Invocations::count)
                .sum();
        double requestCost = requests * prices.perMillionInvocations() / MILLION;
        double computeCost = megabyteMillis.sum() / 1024 / 1000 * prices.perGigabyteSecond();
        double readCost = dynamoDb.readUnits() * prices.perMillionReadUnits() / MILLION;
        double writeCost = dynamoDb.writeUnits() * prices.perMillionWriteUnits() / MILLION;
        double total = messageCost + minuteCost + requestCost + computeCost + readCost + writeCost;
        return new Stats.EstimatedCost(messageCost, minuteCost, requestCost, computeCost, readCost, writeCost, total);
    }

    private static long billed(int bytes) {
        return Math.max(1, (bytes + BILLED_MESSAGE_BYTES - 1) / BILLED_MESSAGE_BYTES);
    }

    private static <K extends Comparable<K>, C, V> Map<K, V> sorted(Map<K, C> counts, Function<C, V> read) {
        Map<K, V> sorted = new TreeMap<>();
        counts.forEach((key, count) -> sorted.put(key, read.apply(count)));
        return Collections.unmodifiableMap(sorted);
    }

    private static final class FunctionCounts {

        private final LongAdder count = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder billedMillis = new LongAdder();
        private final LongAdder throttles = new LongAdder();

        Stats.Invocations read() {
            return new Stats.Invocations(count.sum(), errors.sum(), billedMillis.sum(), throttles.sum());
        }
    }
}
