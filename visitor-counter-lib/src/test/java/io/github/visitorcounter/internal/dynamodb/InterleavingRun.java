package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.count.CounterKeys;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * Runs one interleaving of a few invocations of the real code. Each invocation stops at every call to DynamoDB. A
 * decision selects the next call and its result: it is carried out; it conflicts; or it times out, and may be carried
 * out later or never.
 */
public final class InterleavingRun {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "interleaving");
        thread.setDaemon(true);
        return thread;
    });

    /** The number of faults that may still occur. */
    public static final class Faults {
        int conflicts;
        int timeouts;

        public Faults(int conflicts, int timeouts) {
            this.conflicts = conflicts;
            this.timeouts = timeouts;
        }
    }

    /** An invocation: its code, and when it may begin. */
    public static final class Event {
        final String name;
        private final java.util.function.BooleanSupplier mayBegin;
        private final Consumer<DynamoDbClient> body;
        private boolean begun;
        private volatile boolean ended;
        private volatile @Nullable RuntimeException failure;
        private @Nullable Call waiting;

        public Event(String name, java.util.function.BooleanSupplier mayBegin, Consumer<DynamoDbClient> body) {
            this.name = name;
            this.mayBegin = mayBegin;
            this.body = body;
        }

        public boolean hasBegun() {
            return begun;
        }

        /** Whether it ended without a failure. */
        public boolean isDone() {
            return ended && failure == null;
        }

        public boolean hasEnded() {
            return ended;
        }

        public @Nullable RuntimeException failure() {
            return failure;
        }
    }

    private static final class Call {
        private final Object request;
        private final java.util.function.Supplier<Object> effect;
        private final CountDownLatch decided = new CountDownLatch(1);
        private @Nullable Object answer;
        private @Nullable RuntimeException failure;

        Call(Object request, java.util.function.Supplier<Object> effect) {
            this.request = request;
            this.effect = effect;
        }

        /** Whether it is a transaction or the growth of a counter, which may conflict. */
        boolean isWrite() {
            return request instanceof TransactWriteItemsRequest || request instanceof UpdateItemRequest;
        }

        void carryOut() {
            try {
                answer = effect.get();
            } catch (RuntimeException cancelled) {
                failure = cancelled;
            }
        }

        Object await() {
            try {
                decided.await();
            } catch (InterruptedException interruption) {
                throw new IllegalStateException(interruption);
            }
            if (failure != null) {
                throw failure;
            }
            return answer;
        }
    }

    /** A possible next step. */
    private record Step(String what, Runnable action) {}

    private final DynamoDbClient tables;
    private final List<Event> events;
    private final Faults faults;
    private final IntUnaryOperator decisions;
    private final Runnable onConflict;
    private final Runnable check;
    private final List<Call> late = new ArrayList<>();
    private final BlockingQueue<Event> stopped = new LinkedBlockingQueue<>();
    private final StringBuilder trace = new StringBuilder();

    /**
     * Prepares a run.
     *
     * @param tables carries out the calls
     * @param events the invocations
     * @param faults the maximum number of faults
     * @param decisions chooses one of the given number of steps
     * @param onConflict runs before each conflict, as the transaction that causes it
     * @param check throws an AssertionError if an invariant is broken
     */
    public InterleavingRun(
            DynamoDbClient tables,
            List<Event> events,
            Faults faults,
            IntUnaryOperator decisions,
            Runnable onConflict,
            Runnable check) {
        this.tables = tables;
        this.events = events;
        this.faults = faults;
        this.decisions = decisions;
        this.onConflict = onConflict;
        this.check = check;
    }

    /** Runs the interleaving to its end. */
    public void run() {
        try {
            for (List<Step> steps = steps(); !steps.isEmpty(); steps = steps()) {
                boolean noneIsWaiting = events.stream().allMatch(event -> !event.begun || event.ended);
                boolean mayStop = noneIsWaiting && late.size() == steps.size();
                int decision = decisions.applyAsInt(steps.size() + (mayStop ? 1 : 0));
                if (decision == steps.size()) {
                    break;
                }
                trace.append(steps.get(decision).what()).append(", ");
                steps.get(decision).action().run();
                check.run();
            }
        } catch (AssertionError broken) {
            throw new AssertionError(broken.getMessage() + " after: " + trace, broken);
        }
    }

    public String trace() {
        return trace.toString();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Event event : events) {
            if (!event.begun && event.mayBegin.getAsBoolean()) {
                steps.add(new Step(event.name + " begins", () -> begin(event)));
            }
            Call call = event.waiting;
            if (event.begun && !event.ended && call != null) {
                steps.add(new Step(event.name + " continues", () -> {
                    call.carryOut();
                    proceed(event, call);
                }));
                if (call.isWrite() && faults.conflicts > 0) {
                    for (int part : counterParts(call.request)) {
                        steps.add(new Step(event.name + " conflicts at " + part, () -> {
                            faults.conflicts--;
                            onConflict.run();
                            call.failure = conflict(call.request, part);
                            proceed(event, call);
                        }));
                    }
                }
                if (call.isWrite() && faults.timeouts > 0) {
                    steps.add(new Step(event.name + " times out", () -> {
                        faults.timeouts--;
                        late.add(new Call(call.request, call.effect));
                        call.failure = ApiCallTimeoutException.create(2_000);
                        proceed(event, call);
                    }));
                }
            }
        }
        for (Call call : late) {
            steps.add(new Step("a late call is carried out", () -> {
                late.remove(call);
                call.carryOut();
            }));
        }
        return steps;
    }

    private void begin(Event event) {
        event.begun = true;
        DynamoDbClient client = client(event);
        THREADS.execute(() -> {
            try {
                event.body.accept(client);
            } catch (RuntimeException failure) {
                event.failure = failure;
            }
            event.ended = true;
            stopped.add(event);
        });
        awaitStop();
    }

    private void proceed(Event event, Call call) {
        event.waiting = null;
        call.decided.countDown();
        awaitStop();
    }

    /** Waits until the running invocation stops at a call or ends. */
    private void awaitStop() {
        try {
            stopped.take();
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }

    private DynamoDbClient client(Event event) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, arguments) -> {
                    Object first = arguments[0] instanceof Consumer<?> ? null : arguments[0];
                    if (first == null) {
                        // The overload with a builder's consumer calls the overload with the request.
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    Call call = new Call(first, () -> {
                        try {
                            return method.invoke(tables, arguments);
                        } catch (InvocationTargetException failure) {
                            throw (RuntimeException) failure.getCause();
                        } catch (IllegalAccessException impossible) {
                            throw new IllegalStateException(impossible);
                        }
                    });
                    event.waiting = call;
                    stopped.add(event);
                    return call.await();
                });
    }

    /** Returns the parts of the counters; if no counter changes, the last part. A growth has one part. */
    private static List<Integer> counterParts(Object request) {
        if (!(request instanceof TransactWriteItemsRequest transaction)) {
            return List.of(0);
        }
        int parts = transaction.transactItems().size();
        List<Integer> ofCounters = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            Update update = transaction.transactItems().get(part).update();
            if (update != null && CounterKeys.counterOf(CountItem.key(update.key())) != null) {
                ofCounters.add(part);
            }
        }
        return ofCounters.isEmpty() ? List.of(parts - 1) : ofCounters;
    }

    private static RuntimeException conflict(Object request, int conflicting) {
        if (!(request instanceof TransactWriteItemsRequest transaction)) {
            return TransactionConflictException.builder()
                    .message("Transaction is ongoing for the item")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("TransactionConflictException")
                            .build())
                    .statusCode(400)
                    .build();
        }
        int parts = transaction.transactItems().size();
        List<CancellationReason> reasons = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            reasons.add(CancellationReason.builder()
                    .code(part == conflicting ? "TransactionConflict" : "None")
                    .build());
        }
        return TransactionCanceledException.builder()
                .message("Transaction cancelled")
                .cancellationReasons(reasons)
                .build();
    }

    /** Returns a time source that never waits. */
    public static TimeSource timeSource(Instant now) {
        return new TimeSource() {
            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void sleep(Duration duration) {
                // The next call is the next step.
            }

            @Override
            public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) {
                return queue.poll();
            }
        };
    }
}
