package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException.Reason;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A function and its instances. Each invocation runs on an idle instance, a new one, or the first that becomes free.
 */
final class LambdaFunction {

    private static final int MAXIMUM_WAITING = 10_000;
    /**
     * AWS allows 10 seconds and then initialises again within the invocation; a developer's machine that starts a whole
     * stack is slower.
     */
    private static final Duration INITIALISATION_TIMEOUT = Duration.ofSeconds(60);
    /** The time that an interrupted handler has to finish. */
    private static final Duration INTERRUPT_GRACE = Duration.ofMillis(200);

    private final FunctionDefinition definition;
    private final FunctionIdentity identity;
    private final HandlerSource source;
    private final HandlerCaller caller;
    private final LambdaSettings settings;
    private final ScheduledExecutorService timer;
    private final Executor answers;

    private final Set<LambdaInstance> instances = new HashSet<>();
    private final Deque<LambdaInstance> idle = new ArrayDeque<>();
    private final Deque<Invocation> waiting = new ArrayDeque<>();
    private final Set<Invocation> unanswered = new HashSet<>();
    private int instancesMade;
    private boolean closed;

    LambdaFunction(
            FunctionDefinition definition,
            FunctionIdentity identity,
            HandlerSource source,
            LambdaSettings settings,
            ScheduledExecutorService timer,
            Executor answers) {
        this.definition = definition;
        this.identity = identity;
        this.source = source;
        this.caller = new HandlerCaller(definition, identity, settings);
        this.settings = settings;
        this.timer = timer;
        this.answers = answers;
    }

    FunctionDefinition definition() {
        return definition;
    }

    FunctionIdentity identity() {
        return identity;
    }

    HandlerSource source() {
        return source;
    }

    /**
     * Invokes the function. The result is completed on a thread that dependent stages may block.
     *
     * @param functionArn the ARN by which the caller refers to it
     */
    CompletableFuture<Invocation.Answer> invoke(String functionArn, String requestId, String payload) {
        Invocation invocation =
                new Invocation(functionArn, requestId, payload, new InvocationLog(definition, requestId, settings));
        @Nullable LambdaInstance instance;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(stopped());
            }
            Reason throttled = throttled();
            if (throttled != null) {
                settings.meter().throttled(definition.name());
                return CompletableFuture.failedFuture(new TooManyRequestsException(throttled, "Rate Exceeded."));
            }
            if (!idle.isEmpty()) {
                instance = idle.pop();
            } else if (instances.size() < maximumInstances()) {
                instance = newInstance();
            } else {
                instance = null;
                waiting.add(invocation);
            }
            unanswered.add(invocation);
        }
        if (instance != null) {
            dispatch(instance, invocation);
        }
        return invocation.answer;
    }

    /** Returns the reason why the next invocation is throttled, or null. Called with the lock held. */
    private @Nullable Reason throttled() {
        Integer reserved = definition.reservedConcurrency();
        if (reserved != null && unanswered.size() >= reserved) {
            return Reason.ReservedFunctionConcurrentInvocationLimitExceeded;
        }
        FaultInjector faults = settings.faults();
        return waiting.size() >= MAXIMUM_WAITING
                        || faults.occurs(faults.faults().lambdaThrottleRatio())
                ? Reason.ConcurrentInvocationLimitExceeded
                : null;
    }

    private int maximumInstances() {
        Integer reserved = definition.reservedConcurrency();
        return reserved == null ? definition.maximumConcurrency() : Math.max(1, reserved);
    }

    /** Initialises an instance ahead of the first invocation; completes exceptionally with the function's exception. */
    CompletableFuture<Void> warm() {
        CompletableFuture<Void> warmed = new CompletableFuture<>();
        LambdaInstance instance;
        synchronized (this) {
            if (closed || !instances.isEmpty()) {
                return CompletableFuture.completedFuture(null); // Its first invocation has initialised it already.
            }
            instance = newInstance();
        }
        instance.thread.execute(() -> {
            try {
                instance.initialise();
                release(instance);
                warmed.complete(null);
            } catch (Throwable error) {
                discard(instance);
                warmed.completeExceptionally(error);
            }
        });
        return warmed;
    }

    private LambdaInstance newInstance() {
        instancesMade++;
        LambdaInstance instance = new LambdaInstance("lambda-" + definition.name() + "-" + instancesMade, source);
        instances.add(instance);
        return instance;
    }

    private void dispatch(LambdaInstance instance, Invocation invocation) {
        try {
            instance.thread.execute(() -> run(instance, invocation));
        } catch (RejectedExecutionException closedMeanwhile) {
            stop(invocation);
        }
    }

    private void run(LambdaInstance instance, Invocation invocation) {
        Future<?> initTimeout = timeoutAfter(INITIALISATION_TIMEOUT, instance, invocation);
        try {
            instance.initialise();
        } catch (Throwable error) {
            if (invocation.claim()) {
                invocation.log.error(error);
                InvocationResult failure = invocation.failed(ErrorDocument.of(error));
                caller.report(invocation, failure, Duration.ZERO);
                discard(instance);
                answer(invocation, failure);
            }
            return;
        } finally {
            initTimeout.cancel(false);
        }
        if (invocation.claimed()) {
            return; // Initialised too late.
        }

        long startNanos = System.nanoTime();
        Future<?> timeout = timeoutAfter(definition.timeout(), instance, invocation);
        InvocationResult result;
        try {
            result = caller.call(instance, invocation);
        } finally {
            timeout.cancel(false);
        }
        if (invocation.claim()) {
            caller.report(invocation, result, Duration.ofNanos(System.nanoTime() - startNanos));
            release(instance);
            answer(invocation, result);
        }
    }

    private Future<?> timeoutAfter(Duration timeout, LambdaInstance instance, Invocation invocation) {
        return timer.schedule(
                () -> {
                    if (invocation.claim()) {
                        String document = ErrorDocument.timedOut(invocation.requestId, timeout);
                        invocation.log.log(document);
                        InvocationResult failure = invocation.failed(document);
                        caller.report(invocation, failure, timeout);
                        instance.thread.shutdownNow(); // A handler that ignores the interrupt continues without effect.
                        discard(instance);
                        answer(invocation, failure);
                    }
                },
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void answer(Invocation invocation, InvocationResult result) {
        Runnable complete = () -> invocation.answer.complete(new Invocation.Answer(result, invocation.log));
        synchronized (this) {
            unanswered.remove(invocation);
            if (unanswered.isEmpty()) {
                notifyAll();
            }
        }
        try {
            answers.execute(complete);
        } catch (RejectedExecutionException closedMeanwhile) {
            complete.run();
        }
    }

    private void release(LambdaInstance instance) {
        Thread.interrupted(); // Clears the flag: a handler that interrupted itself must not affect the next invocation.
        Invocation next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                idle.push(instance);
            }
        }
        if (next != null) {
            dispatch(instance, next);
        }
    }

    private void discard(LambdaInstance instance) {
        instance.thread.shutdown();
        Invocation next;
        @Nullable LambdaInstance replacement = null;
        synchronized (this) {
            instances.remove(instance);
            next = closed ? null : waiting.poll();
            if (next != null) {
                replacement = newInstance();
            }
        }
        if (next != null && replacement != null) {
            dispatch(replacement, next);
        }
    }

    /** Waits until no invocation is running or queued. */
    synchronized void awaitIdle(long deadlineNanos) throws InterruptedException {
        for (long left = deadlineNanos - System.nanoTime(); left > 0 && !isIdle(); ) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadlineNanos - System.nanoTime();
        }
    }

    synchronized boolean isIdle() {
        return unanswered.isEmpty();
    }

    /** Rejects new invocations, interrupts running ones, and completes all that are pending. */
    void close() {
        Set<LambdaInstance> running;
        synchronized (this) {
            closed = true;
            running = Set.copyOf(instances);
            waiting.clear();
        }
        running.forEach(instance -> instance.thread.shutdownNow());
        await(running, System.nanoTime() + INTERRUPT_GRACE.toNanos());
        Set<Invocation> left;
        synchronized (this) {
            left = Set.copyOf(unanswered);
        }
        left.forEach(this::stop);
    }

    private static void await(Set<LambdaInstance> instances, long deadlineNanos) {
        try {
            for (LambdaInstance instance : instances) {
                if (!instance.thread.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Invocation invocation) {
        if (invocation.claim()) {
            invocation.answer.completeExceptionally(stopped());
        }
    }

    private IllegalStateException stopped() {
        return new IllegalStateException("Function '" + definition.name() + "' has been stopped");
    }
}
