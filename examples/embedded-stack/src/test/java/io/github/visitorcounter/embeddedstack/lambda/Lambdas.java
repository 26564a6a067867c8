package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A Lambda service for tests, with its recorded log and metering. */
public final class Lambdas implements AutoCloseable {

    static final StackEndpoints ENDPOINTS = endpoints(4711);

    final RecordingMeter meter = new RecordingMeter();
    final FaultInjector faults = new FaultInjector(new Random(1));
    final List<String> log = new CopyOnWriteArrayList<>();
    public final LocalLambda lambda;

    private Lambdas(StackEndpoints endpoints, Clock clock, List<FunctionDefinition> definitions) {
        lambda = new LocalLambda(
                definitions,
                endpoints,
                new LambdaSettings(
                        "eu-central-1",
                        "123456789012",
                        clock,
                        () -> UUID.randomUUID().toString(),
                        List.of(Duration.ofMillis(20), Duration.ofMillis(40)),
                        faults,
                        meter,
                        log::add));
    }

    public static Lambdas of(FunctionDefinition... definitions) {
        return new Lambdas(ENDPOINTS, Clock.systemUTC(), List.of(definitions));
    }

    static Lambdas at(Clock clock, FunctionDefinition... definitions) {
        return new Lambdas(ENDPOINTS, clock, List.of(definitions));
    }

    static Lambdas behind(StackEndpoints endpoints, FunctionDefinition... definitions) {
        return new Lambdas(endpoints, Clock.systemUTC(), List.of(definitions));
    }

    static StackEndpoints endpoints(int port) {
        URI page = URI.create("http://127.0.0.1:" + port);
        return new StackEndpoints(
                page.resolve("/"),
                URI.create("ws://127.0.0.1:" + port + "/local"),
                page.resolve("/local"),
                page,
                page.resolve("/dynamodb"),
                page.resolve("/_local"));
    }

    InvocationResult invoke(String function, String payload) throws Exception {
        return lambda.invoke(function, payload).get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        lambda.close();
    }
}
