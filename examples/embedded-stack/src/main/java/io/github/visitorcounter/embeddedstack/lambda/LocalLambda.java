package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs functions as Lambda does: each instance is initialised once, serves one invocation at a time, and is reused.
 * Thread-safe.
 *
 * <p>Unlike Lambda, it does not bill initialisation, does not limit memory, and does not detect recursive loops.
 *
 * @since 0.1.0
 */
public final class LocalLambda implements FunctionInvoker, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalLambda.class);
    private static final DateTimeFormatter LOG_STREAM_DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final FunctionLogs logs;
    private final LambdaSettings settings;
    private final Map<String, LambdaFunction> functions = new LinkedHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("lambda-timer"));
    private final ExecutorService answers = Executors.newCachedThreadPool(daemons("lambda-answer"));
    private final AsyncInvocations asyncInvocations;

    /**
     * Creates the functions; their classes are loaded later.
     *
     * @param definitions the functions
     * @param endpoints the stack's endpoints, for the functions' environment variables
     * @param settings the settings of all functions
     * @throws IllegalArgumentException if two functions have the same name
     */
    public LocalLambda(Collection<FunctionDefinition> definitions, StackEndpoints endpoints, LambdaSettings settings) {
        this.logs = new FunctionLogs(settings.logSink());
        this.settings = settings.withLogSink(logs);
        timer.setRemoveOnCancelPolicy(true); // Nearly every timeout is cancelled.
        // Invocations that still run when the stack closes are interrupted and need no timeout.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        this.asyncInvocations = new AsyncInvocations(settings, timer);
        for (FunctionDefinition definition : definitions) {
            if (functions.put(definition.name(), function(definition, endpoints)) != null) {
                throw new IllegalArgumentException("There are two functions called '" + definition.name() + "'");
            }
        }
    }

    private LambdaFunction function(FunctionDefinition definition, StackEndpoints endpoints) {
        String logStream = LOG_STREAM_DAY.format(settings.clock().instant()) + "/[" + FunctionIdentity.VERSION + "]"
                + UUID.randomUUID().toString().replace("-", "");
        FunctionIdentity identity =
                new FunctionIdentity(definition.name(), settings.region(), settings.accountId(), logStream);
        HandlerSource source;
        if (definition.handlerObjects() != null) {
            source = HandlerSource.of(definition.handlerObjects());
        } else if (definition.handler() != null) {
            source = HandlerSource.named(
                    definition.handler(),
                    definition.classPath(),
                    new HandlerSource.Surroundings(
                            definition.name(),
                            FunctionEnvironment.of(definition, identity, endpoints),
                            endpoints.authorities(),
                            endpoints.lambda().toString(),
                            endpoints.dynamodb().toString(),
                            new InvocationLog(definition, null, settings)));
        } else {
            throw new IllegalStateException("A definition has a handler or handler objects");
        }
        return new LambdaFunction(definition, identity, source, settings, timer, answers);
    }

    @Override
    public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
        InvocationTarget target;
        try {
            target = find(functionName);
        } catch (FunctionNotFoundException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        return target.invoke(settings.requestIds().get(), payload).thenApply(Invocation.Answer::result);
    }

    /**
     * Queues an event ({@code Event}). If it fails, it is retried by the function's policy, then dropped with a log
     * line.
     *
     * @param functionName the name or ARN of a function of this stack
     * @param payload the event, as JSON
     * @return the invocation's id, which its retries share
     * @throws FunctionNotFoundException if there is no such function
     * @throws TooManyRequestsException if 10,000 events are queued already
     */
    public String invokeAsync(String functionName, String payload) {
        InvocationTarget target = find(functionName);
        String requestId = settings.requestIds().get();
        asyncInvocations.accept(target, requestId, payload);
        return requestId;
    }

    /**
     * Initialises one instance of every function, all at the same time, and waits for them.
     *
     * @throws FunctionInitialisationException if one fails; the others are initialised nevertheless
     */
    public void prewarm() {
        Map<LambdaFunction, CompletableFuture<Void>> warming = new LinkedHashMap<>();
        functions.values().forEach(function -> warming.put(function, function.warm()));
        List<FunctionInitialisationException> failures = new ArrayList<>();
        warming.forEach((function, warmed) -> warmed.handle((done, error) ->
                        error == null ? null : new FunctionInitialisationException(function.definition(), error))
                .thenAccept(failure -> {
                    if (failure != null) {
                        failures.add(failure);
                    }
                })
                .join());
        if (!failures.isEmpty()) {
            FunctionInitialisationException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /**
     * Returns whether a function exists.
     *
     * @param reference a name or ARN
     */
    public boolean has(String reference) {
        try {
            find(reference);
            return true;
        } catch (FunctionNotFoundException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Returns the ARN of a reference.
     *
     * @param reference a name or ARN, with or without an alias
     * @return the ARN, with the alias if the reference has one, or the reference itself if there is no such function
     */
    public String arn(String reference) {
        return has(reference) ? find(reference).arn() : reference;
    }

    /** Lambda's Invoke API over HTTP. */
    public Handler invokeApi() {
        return new InvokeApiHandler(this);
    }

    /**
     * Finds a function.
     *
     * @throws FunctionNotFoundException if the function or the alias does not exist
     * @throws IllegalArgumentException if the reference is invalid
     */
    InvocationTarget find(String reference) {
        FunctionReference parsed = FunctionReference.parse(reference);
        LambdaFunction function = functions.get(parsed.name());
        String qualifier = parsed.qualifier();
        String arn = new FunctionIdentity(parsed.name(), settings.region(), settings.accountId(), "").arn()
                + (qualifier == null ? "" : ":" + qualifier);
        if (function == null || (qualifier != null && !isQualifier(qualifier, function.definition()))) {
            throw new FunctionNotFoundException("Function not found: " + arn);
        }
        return new InvocationTarget(function, arn);
    }

    private static boolean isQualifier(String qualifier, FunctionDefinition definition) {
        return qualifier.equals(FunctionIdentity.VERSION)
                || definition.aliases().contains(qualifier);
    }

    LambdaSettings settings() {
        return settings;
    }

    /**
     * Waits up to a second until no invocation runs, then rejects new ones, interrupts those that still run, and drops
     * queued events. Later log lines of functions are dropped.
     */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    void close(Duration grace) {
        long deadlineNanos = System.nanoTime() + grace.toNanos();
        awaitIdle(deadlineNanos);
        logs.close();
        asyncInvocations.close();
        for (LambdaFunction function : functions.values()) {
            function.close();
            try {
                function.source().close();
            } catch (IOException e) {
                LOG.warn(
                        "Function {} was not closed completely",
                        function.definition().name(),
                        e);
            }
        }
        timer.shutdownNow();
        answers.shutdown();
    }

    /** Functions may invoke each other, so all must be idle at the same time. */
    private void awaitIdle(long deadlineNanos) {
        try {
            boolean idle = false;
            while (!idle && System.nanoTime() < deadlineNanos) {
                for (LambdaFunction function : functions.values()) {
                    function.awaitIdle(deadlineNanos);
                }
                idle = functions.values().stream().allMatch(LambdaFunction::isIdle);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger made = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
