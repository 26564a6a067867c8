package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.github.visitorcounter.embeddedstack.Await;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException.Reason;
import io.github.visitorcounter.embeddedstack.lambda.handlers.BrokenInitialiserHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LocalLambdaTest {

    @Test
    void an_instance_is_made_once_and_reused() throws Exception {
        AtomicInteger made = new AtomicInteger();
        FunctionDefinition function = FunctionDefinition.builder("f")
                .handlerObjects(() -> {
                    made.incrementAndGet();
                    return handler(event -> event);
                })
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            assertThat(lambdas.invoke("f", "\"one\"").payload()).isEqualTo("\"one\"");
            assertThat(lambdas.invoke("f", "\"two\"").payload()).isEqualTo("\"two\"");
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void concurrent_invocations_wait_beyond_the_maximum_of_instances() throws Exception {
        Semaphore running = new Semaphore(0);
        Semaphore mayFinish = new Semaphore(0);
        Set<Object> instances = ConcurrentHashMap.newKeySet();
        FunctionDefinition function = FunctionDefinition.builder("f")
                .maximumConcurrency(2)
                .handlerObjects(() -> new RequestHandler<Object, String>() {
                    @Override
                    public String handleRequest(Object event, Context context) {
                        instances.add(this);
                        running.release();
                        mayFinish.acquireUninterruptibly();
                        return "done";
                    }
                })
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            List<CompletableFuture<InvocationResult>> results = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                results.add(lambdas.lambda.invoke("f", "{}"));
            }
            assertThat(running.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
            assertThat(running.tryAcquire(100, TimeUnit.MILLISECONDS))
                    .as("a third runs")
                    .isFalse();
            assertThat(instances).hasSize(2);

            mayFinish.release(5);
            for (CompletableFuture<InvocationResult> result : results) {
                assertThat(result.get(10, TimeUnit.SECONDS).payload()).isEqualTo("\"done\"");
            }
            assertThat(instances).hasSize(2);
        }
    }

    @Test
    void invocations_beyond_the_reserved_concurrency_are_throttled() throws Exception {
        Semaphore running = new Semaphore(0);
        Semaphore mayFinish = new Semaphore(0);
        FunctionDefinition function = FunctionDefinition.builder("f")
                .reservedConcurrency(2)
                .handlerObjects(() -> handler(event -> {
                    running.release();
                    mayFinish.acquireUninterruptibly();
                    return "done";
                }))
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            CompletableFuture<InvocationResult> first = lambdas.lambda.invoke("f", "{}");
            CompletableFuture<InvocationResult> second = lambdas.lambda.invoke("f", "{}");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> lambdas.invoke("f", "{}"))
                    .havingCause()
                    .isInstanceOfSatisfying(TooManyRequestsException.class, throttled -> assertThat(throttled.reason())
                            .isEqualTo(Reason.ReservedFunctionConcurrentInvocationLimitExceeded))
                    .withMessage("Rate Exceeded.");
            assertThat(lambdas.meter.throttled).containsExactly("f");

            assertThat(running.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
            mayFinish.release(3);
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
            assertThat(lambdas.invoke("f", "{}").payload()).isEqualTo("\"done\"");
            assertThat(lambdas.meter.invocations)
                    .as("without the throttled one")
                    .hasSize(3);
        }
    }

    @Test
    void a_throttled_event_stays_queued_without_an_attempt() throws Exception {
        Semaphore mayFinish = new Semaphore(0);
        List<String> requestIds = new CopyOnWriteArrayList<>();
        FunctionDefinition function = FunctionDefinition.builder("f")
                .reservedConcurrency(1)
                .asyncRetryPolicy(new AsyncRetryPolicy(0, Duration.ofHours(6)))
                .handlerObjects(() -> new RequestHandler<Object, String>() {
                    @Override
                    public String handleRequest(Object event, Context context) {
                        requestIds.add(context.getAwsRequestId());
                        mayFinish.acquireUninterruptibly();
                        return "done";
                    }
                })
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            CompletableFuture<InvocationResult> running = lambdas.lambda.invoke("f", "{}");
            String queued = lambdas.lambda.invokeAsync("f", "{}");
            assertThat(lambdas.meter.throttled).containsExactly("f");
            mayFinish.release(2);
            running.get(10, TimeUnit.SECONDS);

            Await.until("the queued event", () -> requestIds.size() == 2);
            assertThat(requestIds.get(1)).isEqualTo(queued);
            assertThat(lambdas.log).isEmpty();
        }
    }

    @Test
    void a_reserved_concurrency_of_zero_throttles_everything() {
        FunctionDefinition function = FunctionDefinition.builder("f")
                .reservedConcurrency(0)
                .handlerObjects(() -> handler(event -> event))
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            lambdas.lambda.prewarm();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> lambdas.invoke("f", "{}"))
                    .withCauseInstanceOf(TooManyRequestsException.class);
        }
    }

    @Test
    void the_fault_throttles_as_an_account_whose_concurrency_is_used_up() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("f")
                .handlerObjects(() -> handler(event -> event))
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            lambdas.faults.set(Faults.builder().lambdaThrottleRatio(1).build());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> lambdas.invoke("f", "{}"))
                    .havingCause()
                    .isInstanceOfSatisfying(TooManyRequestsException.class, throttled -> assertThat(throttled.reason())
                            .isEqualTo(Reason.ConcurrentInvocationLimitExceeded));
            lambdas.faults.set(Faults.NONE);
            assertThat(lambdas.invoke("f", "1").payload()).isEqualTo("1");
        }
    }

    @Test
    void a_timeout_interrupts_the_function_and_replaces_its_instance() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        FunctionDefinition function = FunctionDefinition.builder("slow")
                .timeout(Duration.ofMillis(50))
                .maximumConcurrency(1)
                .handlerObjects(() -> {
                    boolean hangs = made.incrementAndGet() == 1;
                    return handler(event -> {
                        if (hangs) {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        }
                        return "awake";
                    });
                })
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            CompletableFuture<InvocationResult> hanging = lambdas.lambda.invoke("slow", "{}");
            CompletableFuture<InvocationResult> waiting = lambdas.lambda.invoke("slow", "{}");

            InvocationResult timedOut = hanging.get(10, TimeUnit.SECONDS);
            assertThat(timedOut.functionError()).isEqualTo("Unhandled");
            assertThat(timedOut.payload())
                    .isEqualTo("{\"errorMessage\":\"RequestId: " + timedOut.requestId()
                            + " Error: Task timed out after 0.05 seconds\",\"errorType\":\"Sandbox.Timedout\"}");
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.get(10, TimeUnit.SECONDS).payload()).isEqualTo("\"awake\"");
            assertThat(made).hasValue(2);
            assertThat(lambdas.meter.invocations)
                    .extracting(RecordingMeter.Metered::failed)
                    .containsExactly(true, false);
            assertThat(lambdas.meter.invocations.get(0).billedMillis()).isEqualTo(50);
        }
    }

    @Test
    void an_instance_survives_an_error() throws Exception {
        AtomicInteger made = new AtomicInteger();
        FunctionDefinition function = FunctionDefinition.builder("f")
                .handlerObjects(() -> {
                    made.incrementAndGet();
                    return handler(event -> {
                        if ("fail".equals(event)) {
                            throw new AssertionError("even an Error");
                        }
                        return event;
                    });
                })
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            assertThat(lambdas.invoke("f", "\"fail\"").payload()).contains("even an Error");
            assertThat(lambdas.invoke("f", "\"ok\"").failed()).isFalse();
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void the_context_describes_the_invocation() throws Exception {
        Clock clock = Clock.fixed(Instant.parse("2026-11-24T10:15:30Z"), ZoneOffset.UTC);
        List<String> seen = new CopyOnWriteArrayList<>();
        FunctionDefinition function = FunctionDefinition.builder("f")
                .timeout(Duration.ofSeconds(7))
                .memoryMegabytes(1024)
                .handlerObjects(() -> new RequestHandler<Object, String>() {
                    @Override
                    public String handleRequest(Object event, Context context) {
                        seen.add(context.getFunctionName());
                        seen.add(context.getFunctionVersion());
                        seen.add(context.getInvokedFunctionArn());
                        seen.add(context.getLogGroupName());
                        seen.add(context.getLogStreamName());
                        seen.add(context.getMemoryLimitInMB() + " MB");
                        seen.add(context.getRemainingTimeInMillis() + " ms");
                        context.getLogger().log("two\nlines");
                        context.getLogger().log("careful", LogLevel.WARN);
                        return context.getAwsRequestId();
                    }
                })
                .build();
        try (Lambdas lambdas = Lambdas.at(clock, function)) {
            InvocationResult result = lambdas.invoke("f", "{}");

            assertThat(result.payload()).isEqualTo("\"" + result.requestId() + "\"");
            assertThat(seen.remove(4)).startsWith("2026/11/24/[$LATEST]");
            assertThat(seen)
                    .containsExactly(
                            "f",
                            "$LATEST",
                            "arn:aws:lambda:eu-central-1:123456789012:function:f",
                            "/aws/lambda/f",
                            "1024 MB",
                            "7000 ms");
            assertThat(lambdas.log).containsExactly("[f] two", "[f] lines", "[f] [WARN] careful");
        }
    }

    /** Calls the logger like aws-lambda-java-runtime-interface-client. */
    @Test
    void json_format_wraps_texts_and_keeps_bytes() throws Exception {
        Clock clock = Clock.fixed(Instant.parse("2026-11-24T10:15:30Z"), ZoneOffset.UTC);
        FunctionDefinition function = FunctionDefinition.builder("f")
                .logFormat(LogFormat.JSON)
                .handlerObjects(() -> new RequestHandler<Object, String>() {
                    @Override
                    public String handleRequest(Object event, Context context) {
                        context.getLogger().log("say \"no\"", LogLevel.WARN);
                        context.getLogger().log("too detailed", LogLevel.DEBUG);
                        context.getLogger()
                                .log("{\"level\":\"INFO\"}\n".getBytes(StandardCharsets.UTF_8), LogLevel.INFO);
                        return context.getAwsRequestId();
                    }
                })
                .build();
        try (Lambdas lambdas = Lambdas.at(clock, function)) {
            InvocationResult result = lambdas.invoke("f", "{}");

            assertThat(lambdas.log)
                    .containsExactly(
                            "[f] {\"timestamp\":\"2026-11-24T10:15:30Z\",\"message\":\"say \\\"no\\\"\","
                                    + "\"level\":\"WARN\",\"AWSRequestId\":\"" + result.requestId() + "\"}",
                            "[f] {\"level\":\"INFO\"}");
        }
    }

    @Test
    void a_function_is_invoked_by_its_alias_which_its_arn_shows() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("f")
                .alias("live")
                .handlerObjects(() -> new RequestHandler<Object, String>() {
                    @Override
                    public String handleRequest(Object event, Context context) {
                        return context.getInvokedFunctionArn();
                    }
                })
                .build();
        String arn = "arn:aws:lambda:eu-central-1:123456789012:function:f";
        try (Lambdas lambdas = Lambdas.of(function)) {
            assertThat(lambdas.invoke("f:live", "{}").payload()).isEqualTo("\"" + arn + ":live\"");
            assertThat(lambdas.invoke(arn + ":live", "{}").payload()).isEqualTo("\"" + arn + ":live\"");
            assertThat(lambdas.invoke("f", "{}").payload()).isEqualTo("\"" + arn + "\"");
            assertThat(lambdas.lambda.has("f:dead")).isFalse();
        }
    }

    @Test
    void an_answer_over_6_megabytes_is_an_error() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("large")
                .handlerObjects(() -> handler(event -> "x".repeat(HandlerCaller.MAXIMUM_PAYLOAD_BYTES)))
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            assertThat(lambdas.invoke("large", "{}").payload()).contains("Function.ResponseSizeTooLarge", "6291458");
        }
    }

    @Test
    void an_unknown_function_is_named_by_its_arn() {
        try (Lambdas lambdas = Lambdas.of()) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> lambdas.invoke("nobody", "{}"))
                    .withCauseExactlyInstanceOf(FunctionNotFoundException.class)
                    .withMessageContaining(
                            "Function not found: arn:aws:lambda:eu-central-1:123456789012:function:nobody");
        }
    }

    @Test
    void an_asynchronous_event_is_retried_under_the_same_request_id() throws Exception {
        List<String> requestIds = new CopyOnWriteArrayList<>();
        FunctionDefinition function = recording(requestIds, 2, AsyncRetryPolicy.DEFAULT);
        try (Lambdas lambdas = Lambdas.of(function)) {
            String requestId = lambdas.lambda.invokeAsync("f", "{}");

            Await.until("the third attempt", () -> lambdas.meter.invocations.size() == 3);
            assertThat(requestIds).containsExactly(requestId, requestId, requestId);
            assertThat(lambdas.log).noneMatch(line -> line.contains("dropped"));
        }
    }

    @Test
    void an_event_is_dropped_after_its_last_retry() throws Exception {
        FunctionDefinition function =
                recording(new CopyOnWriteArrayList<>(), 99, new AsyncRetryPolicy(1, Duration.ofHours(6)));
        try (Lambdas lambdas = Lambdas.of(function)) {
            String requestId = lambdas.lambda.invokeAsync("f", "{}");

            Await.until("the drop", () -> lambdas.log.stream().anyMatch(line -> line.contains("dropped")));
            assertThat(lambdas.meter.invocations).hasSize(2);
            assertThat(lambdas.log)
                    .filteredOn(line -> line.contains("dropped"))
                    .singleElement()
                    .asString()
                    .startsWith("[f] asynchronous event " + requestId + " dropped after 1 retry: ")
                    .contains("not yet");
        }
    }

    @Test
    void an_event_over_its_maximum_age_is_dropped() throws Exception {
        FunctionDefinition function =
                recording(new CopyOnWriteArrayList<>(), 99, new AsyncRetryPolicy(2, Duration.ofMillis(1)));
        try (Lambdas lambdas = Lambdas.of(function)) {
            lambdas.lambda.invokeAsync("f", "{}");

            Await.until("the drop", () -> lambdas.log.stream().anyMatch(line -> line.contains("dropped")));
            assertThat(lambdas.meter.invocations).hasSize(1);
            assertThat(lambdas.log).anyMatch(line -> line.contains("it is older than PT0.001S"));
        }
    }

    @Test
    void prewarming_initialises_every_function_before_its_first_invocation() {
        CountDownLatch made = new CountDownLatch(2);
        Function<String, FunctionDefinition> function = name -> FunctionDefinition.builder(name)
                .handlerObjects(() -> {
                    made.countDown();
                    return handler(event -> event);
                })
                .build();
        try (Lambdas lambdas = Lambdas.of(function.apply("a"), function.apply("b"))) {
            lambdas.lambda.prewarm();

            assertThat(made.getCount()).isZero();
            assertThat(lambdas.meter.invocations).isEmpty();
        }
    }

    @Test
    void prewarming_reports_the_function_that_cannot_be_initialised() {
        FunctionDefinition broken = FunctionDefinition.builder("broken")
                .handler(BrokenInitialiserHandler.class)
                .build();
        FunctionDefinition good =
                FunctionDefinition.builder("good").handler(EchoHandler.class).build();
        try (Lambdas lambdas = Lambdas.of(broken, good)) {
            assertThatThrownBy(lambdas.lambda::prewarm)
                    .isInstanceOf(FunctionInitialisationException.class)
                    .hasMessage("Function 'broken' (handler " + BrokenInitialiserHandler.class.getName()
                            + ") could not be initialised: java.lang.IllegalStateException: TABLE is not set");
        }
    }

    @Test
    void closing_interrupts_running_and_rejects_new_invocations() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FunctionDefinition function = FunctionDefinition.builder("f")
                .maximumConcurrency(1)
                .timeout(Duration.ofMinutes(1))
                .handlerObjects(() -> handler(event -> {
                    running.countDown();
                    while (true) { // Ignores its interruption.
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                    }
                }))
                .build();
        Lambdas lambdas = Lambdas.of(function);
        CompletableFuture<InvocationResult> first = lambdas.lambda.invoke("f", "{}");
        CompletableFuture<InvocationResult> waiting = lambdas.lambda.invoke("f", "{}");
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        lambdas.lambda.close(Duration.ofMillis(20));
        lambdas.lambda.close(Duration.ofMillis(20));

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(first).isCompletedExceptionally();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(lambdas.lambda.invoke("f", "{}")).isCompletedExceptionally();
    }

    private static FunctionDefinition recording(List<String> requestIds, int failures, AsyncRetryPolicy policy) {
        return FunctionDefinition.builder("f")
                .asyncRetryPolicy(policy)
                .handlerObjects(() -> new RequestHandler<Object, String>() {
                    @Override
                    public String handleRequest(Object event, Context context) {
                        requestIds.add(context.getAwsRequestId());
                        if (requestIds.size() <= failures) {
                            throw new IllegalStateException("not yet");
                        }
                        return "done";
                    }
                })
                .build();
    }

    private static RequestHandler<Object, Object> handler(Function<Object, Object> body) {
        return new RequestHandler<>() {
            @Override
            public Object handleRequest(Object event, Context context) {
                return body.apply(event);
            }
        };
    }
}
