package io.github.visitorcounter.benchmark.stack;

import io.github.visitorcounter.benchmark.pass.LiveHeap;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.scenario.Scenario;
import io.github.visitorcounter.benchmark.visitors.Page;
import io.github.visitorcounter.benchmark.visitors.VirtualVisitors;
import io.github.visitorcounter.benchmark.visitors.Visitor;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How long the embedded stack takes to start, and what open sockets cost. */
public final class EmbeddedStackCapacity implements Scenario {

    private static final String CONNECT = "connect";
    private static final int AT_ONCE = 250;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_MEGABYTE = 1024 * 1024;
    private static final double BYTES_PER_KILOBYTE = 1024;

    @Override
    public String name() {
        return "stack";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        return List.of(start(plan), sockets(plan));
    }

    private static Table start(Plan plan) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        StackProcess.millisUntilReady(); // Reads the jars into the machine's cache.
        for (int start = 1; start <= plan.limits().passes(); start++) {
            millis.add(StackProcess.millisUntilReady());
            plan.progress().accept("start " + start + " of " + plan.limits().passes());
        }
        List<Double> sorted = millis.stream().sorted().toList();
        return new Table(
                "stack-start",
                "The embedded stack starts",
                "A process of its own with two tables, three functions and a WebSocket API, from the start of the process until"
                        + " `start()` returns.",
                List.of("starts", "median (ms)", "fastest (ms)", "slowest (ms)"),
                List.of(List.of(
                        sorted.size(), sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1))),
                List.of());
    }

    private static Table sockets(Plan plan) throws InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        for (int size : plan.sizesOr(1_000, 5_000)) {
            plan.progress().accept(size + " sockets");
            rows.add(sockets(size, plan.limits().patience()));
        }
        return new Table(
                "stack-sockets",
                "The embedded stack holds sockets",
                AT_ONCE
                        + " handshakes at a time, each with a `$connect` function; both ends of each socket are in this JVM. The"
                        + " heap is what a collection leaves, above what it left before.",
                List.of(
                        "sockets",
                        "open at the end",
                        "seconds",
                        "handshakes a second",
                        "heap (MB)",
                        "heap of each (KB)"),
                rows,
                List.of());
    }

    private static List<Object> sockets(int size, Duration patience) throws InterruptedException {
        try (EmbeddedStack stack = EmbeddedStack.builder()
                        .function(FunctionDefinition.builder(CONNECT)
                                .handler(Accepting.class)
                                .build())
                        .webSocketApi(WebSocketApi.builder()
                                .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy(CONNECT))
                                .build())
                        .start();
                VirtualVisitors visitors = VirtualVisitors.at(stack.endpoints().websocket(), Page.LAST_MESSAGE)) {
            open(visitors, AT_ONCE, patience); // Warms both sides up.
            long before = LiveHeap.bytes();
            long start = System.nanoTime();
            for (int open = 0; open < size; open += AT_ONCE) {
                open(visitors, Math.min(AT_ONCE, size - open), patience);
            }
            awaitOpen(stack, size + AT_ONCE, patience);
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            long bytes = LiveHeap.bytes() - before;
            return List.of(
                    size,
                    stack.stats().connections().open() - AT_ONCE,
                    seconds,
                    size / seconds,
                    bytes / BYTES_PER_MEGABYTE,
                    bytes / BYTES_PER_KILOBYTE / size);
        }
    }

    /** A page knows that it is connected a moment before the gateway counts it. */
    private static void awaitOpen(EmbeddedStack stack, int number, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (stack.stats().connections().open() < number && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static void open(VirtualVisitors visitors, int number, Duration patience) throws InterruptedException {
        try {
            CompletableFuture.allOf(visitors.connect(number).stream()
                            .map(Visitor::accepted)
                            .toArray(CompletableFuture<?>[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("A handshake failed", failure);
        }
    }
}
