package io.github.visitorcounter.simulation;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.simulation.Invocation.Answer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Simulates Lambda: runs the functions of the newest deployment, each invocation in a new instance, and retries
 * asynchronous ones.
 */
final class Functions {

    static final String CONNECT = "connect";
    static final String DISCONNECT = "disconnect";
    static final String MESSAGE = "message";
    static final String RECONCILE = "reconcile";
    static final String BROADCAST = "broadcast";
    static final String WAKE_UP = "wake-up";

    /** The timeout of API Gateway's functions in the templates. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration SECOND_RETRY = Duration.ofMinutes(2);
    private static final Duration OLDEST_EVENT = Duration.ofMinutes(4);

    /** The steps of an invocation at which it may crash. */
    private static final int LATEST_CRASH = 60;

    private final SimulatedWorld world;
    private final Invariants invariants;
    private SimulatedStack stack;
    private final Map<String, Long> busyMicros = new HashMap<>();
    private int invocations;

    Functions(SimulatedWorld world, Invariants invariants) {
        this.world = world;
        this.invariants = invariants;
    }

    /** Deploys settings; later invocations use them. */
    void deploy(SimulatedStack newStack) {
        this.stack = newStack;
        world.log(() -> "DEPLOYS " + newStack.deployment());
    }

    /** Returns the total duration of a function's invocations, in microseconds. */
    long busyMicros(String function) {
        return busyMicros.getOrDefault(function, 0L);
    }

    Deployment deployment() {
        return stack.deployment();
    }

    /**
     * Invokes a function. The caller receives the answer after the network latency, unless the caller crashes first.
     */
    void invoke(String function, String requestId, String payload, Consumer<Answer> whenOver) {
        long coldStart =
                world.injects(world.faults().coldStart()) ? world.randomness().upTo(5_000) : world.latency(1);
        world.scheduler().after(coldStart, () -> begin(function, requestId, payload, whenOver));
    }

    private void begin(String function, String requestId, String payload, Consumer<Answer> whenOver) {
        Duration timeout = function.equals(BROADCAST) || function.equals(WAKE_UP)
                ? stack.deployment().timeout()
                : function.equals(RECONCILE) ? LONG : SHORT;
        int stepsToCrash = world.randomness().chance(world.faults().crash())
                ? world.randomness().between(1, LATEST_CRASH)
                : 0;
        long begin = world.scheduler().now();
        Invocation invocation = new Invocation(
                function,
                requestId,
                function + "-" + ++invocations,
                stack.deployment(),
                world.scheduler().now() + SimulatedWorld.micros(timeout),
                stepsToCrash,
                answer -> {
                    busyMicros.merge(function, world.scheduler().now() - begin, Long::sum);
                    if (!answer.isOk()) {
                        invariants.died();
                    }
                    world.scheduler().after(world.latency(2), () -> whenOver.accept(answer));
                });
        RequestStreamHandler handler = stack.handler(function);
        world.log(() -> invocation.name() + " begins (" + requestId + "): " + payload);
        run(invocation, () -> handle(handler, invocation, payload));
        world.scheduler().after(SimulatedWorld.micros(timeout), () -> world.kill(invocation, "TIMES OUT"));
    }

    /** Runs a part of an invocation on a separate thread. */
    void run(Invocation invocation, Runnable part) {
        if (!invocation.isOver()) {
            invocation.actors().add(world.scheduler().start(invocation, part));
        }
    }

    private void handle(RequestStreamHandler handler, Invocation invocation, String payload) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Answer answer;
        try {
            handler.handleRequest(
                    new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)),
                    output,
                    new InvocationContext(world, invocation));
            answer = new Answer(output.toString(StandardCharsets.UTF_8));
        } catch (Exception failure) {
            world.log(() -> invocation.name() + " fails: " + failure);
            answer = new Answer(null);
        }
        Answer whole = answer;
        world.log(() -> invocation.name() + " ends: " + whole.body());
        invariants.ended(invocation);
        invocation.end(answer);
        // Lambda freezes an instance after its response.
        invocation.actors().stream()
                .filter(actor -> actor != world.scheduler().current())
                .forEach(world.scheduler()::kill);
    }

    /** Accepts an asynchronous invocation. */
    void enqueue(String payload) {
        String requestId = "async-" + ++invocations;
        long acceptedAt = world.scheduler().now();
        world.log(() -> "queued " + requestId + ": " + payload);
        deliver(requestId, payload, 0, acceptedAt);
        if (world.randomness().chance(world.faults().invokedTwice())) {
            world.scheduler()
                    .after(
                            world.randomness().upTo(world.randomness().one(List.of(100, 20_000))),
                            () -> invoke(BROADCAST, requestId, payload, invariants::repeated));
        }
    }

    private void deliver(String requestId, String payload, int attempt, long acceptedAt) {
        invoke(BROADCAST, requestId, payload, answer -> {
            if (answer.isOk()) {
                return;
            }
            Duration wait = attempt == 0 ? FIRST_RETRY : SECOND_RETRY;
            long age = world.scheduler().now() + SimulatedWorld.micros(wait) - acceptedAt;
            if (attempt >= stack.deployment().asyncRetries() || age > SimulatedWorld.micros(OLDEST_EVENT)) {
                invariants.discarded("the asynchronous invocation " + requestId);
                return;
            }
            world.scheduler()
                    .after(SimulatedWorld.micros(wait), () -> deliver(requestId, payload, attempt + 1, acceptedAt));
        });
    }
}
