package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.visitors.VirtualVisitors;
import io.github.visitorcounter.benchmark.visitors.Visitor;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Stats;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import static io.github.visitorcounter.Setting.COUNTERS_TABLE;
import static io.github.visitorcounter.Setting.DEFAULT_COUNTER;

/**
 * A design deployed on a fresh stack, with its visitors and their true number. Visitors must be connected and
 * disconnected by one thread.
 */
final class Deployment implements AutoCloseable {

    private static final int[] FIRST_VISITORS = {1, 2, 3, 4, 5, 10, 20};
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(60);

    private final Design design;
    private final Limits limits;
    private final EmbeddedStack stack;
    private final VirtualVisitors virtualVisitors;
    private final CountChanges changes = new CountChanges();
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicInteger total = new AtomicInteger();

    private Deployment(Design design, Limits limits, EmbeddedStack stack, VirtualVisitors virtualVisitors) {
        this.design = design;
        this.limits = limits;
        this.stack = stack;
        this.virtualVisitors = virtualVisitors;
    }

    /** Starts a stack, and connects and disconnects a few visitors, so that functions and clients are warm. */
    static Deployment start(Design design, Map<String, String> settings, Limits limits) throws InterruptedException {
        EmbeddedStack stack = design.describe(settings).logSink(line -> {}).start();
        Deployment deployment = new Deployment(
                design, limits, stack, VirtualVisitors.at(stack.endpoints().websocket(), design.page()));
        boolean warm = false;
        try {
            deployment.warmUp();
            warm = true;
            return deployment;
        } finally {
            if (!warm) {
                deployment.close();
            }
        }
    }

    /** Adds a few visitors at a time: on two cores, functions that start concurrently would time out. */
    private void warmUp() throws InterruptedException {
        List<Visitor> first = new ArrayList<>();
        for (int number : FIRST_VISITORS) {
            first.addAll(awaitAccepted(connect(number), WARM_UP_LIMIT));
        }
        Convergence.await(this, first, WARM_UP_LIMIT);
        for (Visitor visitor : first) {
            disconnect(List.of(visitor));
            awaitGone(List.of(visitor), WARM_UP_LIMIT);
        }
        Convergence.await(this, List.of(), limits.coldStart(), WARM_UP_LIMIT);
    }

    /** Adds visits of the past to the total, as if the site had been counting for long. */
    void addPastVisits(int visits) {
        stack.dynamoDb().updateItem(request -> request.tableName(
                        COUNTERS_TABLE.defaultValue().orElseThrow())
                .key(Map.of(
                        "counterId",
                        AttributeValue.fromS(DEFAULT_COUNTER.defaultValue().orElseThrow())))
                .updateExpression("ADD #total :visits")
                .expressionAttributeNames(Map.of("#total", "total"))
                .expressionAttributeValues(Map.of(":visits", AttributeValue.fromN(String.valueOf(visits)))));
        total.addAndGet(visits);
        changes.skip(visits);
    }

    /** Starts the handshakes of new visitors, all at the same time; accepted ones are counted. */
    List<Visitor> connect(int number) {
        List<Visitor> visitors = virtualVisitors.connect(number);
        visitors.forEach(visitor -> {
            var unused = visitor.accepted().thenAccept(this::count);
        });
        return visitors;
    }

    /** Closes the sockets of visitors as browsers do. */
    void disconnect(Collection<Visitor> visitors) {
        long now = System.nanoTime();
        visitors.forEach(visitor -> changes.add(now));
        live.addAndGet(-visitors.size());
        virtualVisitors.disconnect(visitors);
    }

    /** Closes the sockets of visitors whose {@code $disconnect} is lost. */
    void vanish(Collection<Visitor> visitors, Duration limit) throws InterruptedException {
        stack.faults(Faults.builder().loseDisconnectRatio(1).build());
        disconnect(visitors);
        awaitGone(visitors, limit);
        stack.faults(Faults.NONE);
    }

    private void count(Visitor visitor) {
        changes.add(visitor.view().acceptedAt());
        live.incrementAndGet();
        total.incrementAndGet();
    }

    /** Waits until all handshakes are answered, and returns the accepted visitors. */
    static List<Visitor> awaitAccepted(Collection<Visitor> visitors, Duration limit) throws InterruptedException {
        await(visitors.stream().map(Visitor::accepted).toList(), limit);
        return visitors.stream()
                .filter(visitor -> visitor.view().acceptedAt() != 0)
                .toList();
    }

    private static void awaitGone(Collection<Visitor> visitors, Duration limit) throws InterruptedException {
        await(visitors.stream().map(Visitor::gone).toList(), limit);
    }

    private static void await(List<CompletableFuture<Visitor>> futures, Duration limit) throws InterruptedException {
        CompletableFuture<?> all = CompletableFuture.allOf(futures.stream()
                .map(future -> future.exceptionally(rejected -> null))
                .toArray(CompletableFuture[]::new));
        try {
            all.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            // Late visitors are not among the accepted ones, and the case is cut by its own limit.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Limits limits() {
        return limits;
    }

    EmbeddedStack stack() {
        return stack;
    }

    CountChanges changes() {
        return changes;
    }

    int live() {
        return live.get();
    }

    int total() {
        return total.get();
    }

    boolean showsExactNumbers() {
        return design != Design.LIBRARY_ROUNDED;
    }

    /** Returns whether a visitor's page shows the true numbers. */
    boolean isRight(Visitor.View view) {
        return design.isRight(view.page(), live.get(), total.get());
    }

    Stats stats() {
        return stack.stats();
    }

    @Override
    public void close() {
        virtualVisitors.close();
        stack.close();
    }
}
