package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The running event source mappings: one poller for each. Thread-safe.
 *
 * <p>Unlike AWS, a mapping polls from the moment it is started, and failed batches are retried after 0.1 s, doubling up
 * to 10 s (AWS does not publish its backoff).
 *
 * @since 0.1.0
 */
public final class EventSourceMappings implements AutoCloseable {

    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ABANDON_TIMEOUT = Duration.ofSeconds(1);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<ShardPoller> pollers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private EventSourceMappings() {}

    /**
     * Starts polling. A {@code LATEST} mapping delivers everything that is written after this method returns.
     *
     * @param mappings the mappings; disabled ones are ignored
     * @param source the streams
     * @param invoker invokes the functions
     * @param faults decides which batches fail
     * @param pollInterval how long an idle poller waits; Lambda's poll four times a second
     * @return the running mappings
     * @throws IllegalArgumentException if a mapping's table has no stream, or if two mappings have the same table and
     *     function, which Lambda rejects
     */
    public static EventSourceMappings start(
            Collection<EventSourceMapping> mappings,
            StreamSource source,
            FunctionInvoker invoker,
            FaultInjector faults,
            Duration pollInterval) {
        EventSourceMappings started = new EventSourceMappings();
        Set<List<String>> pairs = new HashSet<>();
        for (EventSourceMapping mapping : mappings) {
            String arn = source.streamArns().get(mapping.tableName());
            if (arn == null) {
                throw new IllegalArgumentException("event source mapping to function '" + mapping.functionName()
                        + "': table '" + mapping.tableName() + "' has no stream; tables with one: "
                        + new TreeSet<>(source.streamArns().keySet()));
            }
            if (!pairs.add(List.of(mapping.tableName(), mapping.functionName()))) {
                throw new IllegalArgumentException(
                        "there are two event source mappings of table '" + mapping.tableName()
                                + "' to function '" + mapping.functionName()
                                + "': Lambda allows one for each pair of stream and function; use another function");
            }
            if (mapping.enabled()) {
                started.add(mapping, source, arn, invoker, faults, pollInterval);
            }
        }
        started.threads.forEach(Thread::start);
        return started;
    }

    private void add(
            EventSourceMapping mapping,
            StreamSource source,
            String arn,
            FunctionInvoker invoker,
            FaultInjector faults,
            Duration pollInterval) {
        Clock clock = Clock.systemUTC();
        LambdaRecord lambdaRecord = new LambdaRecord(source.region(), source.shownArn(arn));
        ShardReader reader =
                new DynamoDbShardReader(source.client(), arn, mapping.startingPosition(), lambdaRecord, clock);
        ShardPoller poller = new ShardPoller(mapping, reader, invoker, faults, clock, untilStopped(), pollInterval);
        pollers.add(poller);
        threads.add(new Thread(poller, "stream-" + mapping.tableName() + "-" + mapping.functionName()));
    }

    private PollerState untilStopped() {
        return new PollerState() {
            @Override
            public boolean running() {
                return stop.getCount() > 0;
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                stop.await(duration.toNanos(), TimeUnit.NANOSECONDS);
            }
        };
    }

    /**
     * Completes when nothing is left to deliver: every record written before this call, and every record that functions
     * wrote in response, has been processed, filtered out or discarded, and further polls were empty. A duplicate that
     * a fault delays until the next batch does not count.
     *
     * @return completes exceptionally when the mappings are closed; tests should set a timeout, because a batch that
     *     always fails is retried for a day
     */
    public CompletableFuture<Void> drained() {
        long before = batches();
        return CompletableFuture.allOf(pollers.stream().map(ShardPoller::quiet).toArray(CompletableFuture[]::new))
                .thenCompose(quiet -> batches() == before ? CompletableFuture.completedFuture(null) : drained());
    }

    private long batches() {
        return pollers.stream().mapToLong(ShardPoller::batches).sum();
    }

    /** Stops polling; running invocations have two seconds to end, then they are abandoned. */
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = joinAll(FINISH_TIMEOUT);
        threads.forEach(Thread::interrupt);
        interrupted |= joinAll(ABANDON_TIMEOUT);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether this thread was interrupted while it waited. */
    private boolean joinAll(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
