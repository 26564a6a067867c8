package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Polls a shard for a mapping: reads, filters and collects records, and delivers one batch at a time. */
final class ShardPoller implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ShardPoller.class);

    private final EventSourceMapping mapping;
    private final ShardReader reader;
    private final FaultInjector faults;
    private final PollerState state;
    private final Duration pollInterval;
    private final BatchAssembler assembler;
    private final BatchDelivery delivery;
    private final Queue<CompletableFuture<Void>> quietWaiters = new ConcurrentLinkedQueue<>();
    private final List<FilterPattern> filters;
    private final AtomicLong batches = new AtomicLong();
    private List<StreamRecord> heldBack = List.of();
    private volatile boolean ended;

    ShardPoller(
            EventSourceMapping mapping,
            ShardReader reader,
            FunctionInvoker invoker,
            FaultInjector faults,
            Clock clock,
            PollerState state,
            Duration pollInterval) {
        this.mapping = mapping;
        this.filters = mapping.filters().stream().map(FilterPattern::compile).toList();
        this.reader = reader;
        this.faults = faults;
        this.state = state;
        this.pollInterval = pollInterval;
        this.assembler = new BatchAssembler(
                mapping.batchSize(), Duration.ofSeconds(mapping.maximumBatchingWindowInSeconds()), clock);
        this.delivery = new BatchDelivery(mapping, invoker, faults, clock, state);
    }

    @Override
    public void run() {
        try {
            while (state.running()) {
                pollSafely();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            failQuietWaiters();
        }
    }

    /** A failed read does not end the poller: it is retried. */
    private void pollSafely() throws InterruptedException {
        try {
            poll();
        } catch (RuntimeException e) {
            if (state.running()) {
                LOG.warn(
                        "polling the stream of {} for {} failed, which is tried again",
                        mapping.tableName(),
                        mapping.functionName(),
                        e);
                state.pause(pollInterval);
            }
        }
    }

    /** Reads once, and delivers a batch if one is due, or waits if nothing was read. */
    void poll() throws InterruptedException {
        int waitersBefore = quietWaiters.size();
        boolean readNothing = !assembler.isFull() && readInto(assembler) == 0;
        List<StreamRecord> batch = assembler.take();
        if (!batch.isEmpty()) {
            deliver(batch);
            assembler.invocationCompleted();
        } else if (readNothing && assembler.isEmpty()) {
            completeQuiet(waitersBefore);
            state.pause(pollInterval);
        } else if (readNothing) {
            Duration untilDue = assembler.untilDue();
            state.pause(untilDue.compareTo(pollInterval) < 0 ? untilDue : pollInterval);
        }
    }

    private int readInto(BatchAssembler target) {
        List<StreamRecord> read = reader.read();
        target.add(read.stream().filter(this::passes).toList());
        return read.size();
    }

    private boolean passes(StreamRecord one) {
        return filters.isEmpty() || filters.stream().anyMatch(filter -> filter.matches(one.json()));
    }

    private void deliver(List<StreamRecord> batch) throws InterruptedException {
        boolean processed = delivery.deliver(batch);
        batches.incrementAndGet();
        if (!heldBack.isEmpty()) {
            List<StreamRecord> late = heldBack;
            heldBack = List.of();
            delivery.deliver(late);
        }
        if (processed && faults.occurs(faults.faults().duplicateBatchRatio())) {
            if (faults.occurs(faults.faults().reorderBatchRatio())) {
                heldBack = batch;
            } else {
                delivery.deliver(batch);
            }
        }
    }

    /** The number of batches that have been processed or discarded. */
    long batches() {
        return batches.get();
    }

    /** Completes after a poll that started after this call was empty and nothing is left to deliver. */
    CompletableFuture<Void> quiet() {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        quietWaiters.add(waiter);
        if (ended) {
            failQuietWaiters();
        }
        return waiter;
    }

    private void completeQuiet(int count) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> waiter = quietWaiters.poll();
            if (waiter != null) {
                done.add(waiter);
            }
        }
        done.forEach(waiter -> waiter.complete(null));
    }

    private void failQuietWaiters() {
        for (CompletableFuture<Void> waiter = quietWaiters.poll(); waiter != null; waiter = quietWaiters.poll()) {
            waiter.completeExceptionally(new IllegalStateException("the event source mapping of table '"
                    + mapping.tableName() + "' to function '" + mapping.functionName() + "' has been stopped"));
        }
    }
}
