package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.simulation.CounterStream.StreamRecord;
import io.github.visitorcounter.simulation.Invocation.Answer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Simulates an event source mapping of one shard, configured as in the templates: one batch at a time, a batching
 * window, partial failures, bisection, five retries, a maximum age of one minute; and batches that are delivered again,
 * immediately or later.
 */
final class EventSourceMapping {

    private static final int MAX_RETRIES = 5;
    private static final long OLDEST_MICROS = 60_000_000;
    private static final int POLL_MILLIS = 250;
    private static final int RETRY_MILLIS = 1_000;
    private static final int DUPLICATE_WITHIN_MILLIS = 30_000;

    private record Batch(List<StreamRecord> records, int attempt) {}

    private final SimulatedWorld world;
    private final Functions functions;
    private final Invariants invariants;
    private final String function;
    private final IntSupplier batchSize;
    private final LongSupplier window;
    private final Deque<StreamRecord> waiting = new ArrayDeque<>();
    private final Deque<Batch> toRetry = new ArrayDeque<>();
    private final List<StreamRecord> done = new ArrayList<>();
    private boolean busy;
    private boolean collecting;
    private long windows;

    EventSourceMapping(
            SimulatedWorld world,
            Functions functions,
            Invariants invariants,
            String function,
            IntSupplier batchSize,
            LongSupplier window) {
        this.world = world;
        this.functions = functions;
        this.invariants = invariants;
        this.function = function;
        this.batchSize = batchSize;
        this.window = window;
    }

    /** Adds a record that matches the filter. */
    void offer(StreamRecord record) {
        waiting.add(record);
        if (!busy) {
            busy = true;
            collect();
        } else if (collecting && isFull()) {
            collecting = false;
            next();
        }
    }

    private boolean isFull() {
        return waiting.size() >= batchSize.getAsInt();
    }

    /** Invokes the function when the window is over or the batch is full. */
    private void collect() {
        long poll = world.randomness().upTo(POLL_MILLIS);
        if (isFull()) {
            world.scheduler().after(poll, this::next);
            return;
        }
        collecting = true;
        long number = ++windows;
        world.scheduler().after(poll + window.getAsLong(), () -> {
            if (collecting && number == windows) {
                collecting = false;
                next();
            }
        });
    }

    private void next() {
        Batch batch = toRetry.poll();
        if (batch == null) {
            List<StreamRecord> records = new ArrayList<>();
            int maxSize = world.randomness().between(1, batchSize.getAsInt());
            while (!waiting.isEmpty() && records.size() < maxSize) {
                records.add(waiting.remove());
            }
            batch = records.isEmpty() ? null : new Batch(records, 0);
        }
        if (batch == null) {
            busy = false;
        } else {
            deliver(batch);
        }
    }

    private void deliver(Batch batch) {
        if (world.scheduler().now() - batch.records().get(0).createdAt() > OLDEST_MICROS) {
            drop(batch, "is too old");
            return;
        }
        if (world.randomness().chance(world.faults().discarded())) {
            world.injects();
            drop(batch, "was given up");
            return;
        }
        String payload = payload(batch.records());
        functions.invoke(function, "stream", payload, answer -> answered(batch, answer));
        if (world.randomness().chance(world.faults().batchTwin())) {
            functions.invoke(function, "stream", payload, invariants::repeated);
        }
    }

    private void answered(Batch batch, Answer answer) {
        int succeeded = answer.isOk() ? succeeded(batch, answer.body()) : 0;
        done.addAll(batch.records().subList(0, succeeded));
        List<StreamRecord> failed =
                batch.records().subList(succeeded, batch.records().size());
        if (failed.isEmpty()) {
            comeAgainSomeDay();
            goOn(world.latency(5));
            return;
        }
        if (answer.isOk() && !failed.get(0).isOfCounter() && !failed.get(0).isWakeUp()) {
            world.violation("ORACLE", "a record that is of no counter was reported as failed: " + failed.get(0));
        }
        if (!answer.isOk() && failed.size() > 1) {
            // Bisection does not count as a retry.
            toRetry.push(new Batch(List.copyOf(failed.subList(failed.size() / 2, failed.size())), batch.attempt()));
            toRetry.push(new Batch(List.copyOf(failed.subList(0, failed.size() / 2)), batch.attempt()));
        } else if (batch.attempt() < MAX_RETRIES) {
            toRetry.push(new Batch(List.copyOf(failed), batch.attempt() + 1));
        } else {
            drop(batch, "failed too often");
            return;
        }
        world.scheduler().after(world.randomness().upTo(RETRY_MILLIS), this::next);
    }

    private void goOn(long after) {
        if (toRetry.isEmpty() && !waiting.isEmpty()) {
            collect();
        } else {
            world.scheduler().after(after, this::next);
        }
    }

    private void drop(Batch batch, String why) {
        StreamRecord first = batch.records().get(0);
        if (world.injections() == first.injections()) {
            world.violation("ORACLE", "a batch " + why + " although nothing went wrong: " + first);
        }
        invariants.discarded(batch.records(), "a batch that " + why + ", from record " + first.number());
        goOn(0);
    }

    /** Lambda continues at the lowest of the failed items. */
    private int succeeded(Batch batch, String response) {
        long lowest = Long.MAX_VALUE;
        for (JsonNode failure : Json.tree(response).path("batchItemFailures")) {
            lowest = Math.min(
                    lowest, Long.parseLong(failure.get("itemIdentifier").textValue()));
        }
        int succeeded = 0;
        while (succeeded < batch.records().size()
                && batch.records().get(succeeded).number() < lowest) {
            succeeded++;
        }
        return succeeded;
    }

    /** Delivers records a second time, late, and in another batch: streams deliver at least once. */
    private void comeAgainSomeDay() {
        if (!world.randomness().chance(world.faults().batchTwice())) {
            return;
        }
        int from = world.randomness().between(0, done.size() - 1);
        int to = Math.min(done.size(), from + world.randomness().between(1, 5));
        String payload = payload(List.copyOf(done.subList(from, to)));
        world.scheduler()
                .after(
                        world.randomness().upTo(DUPLICATE_WITHIN_MILLIS),
                        () -> functions.invoke(function, "stream", payload, invariants::repeated));
    }

    private static String payload(List<StreamRecord> records) {
        ObjectNode event = Json.object();
        ArrayNode array = event.putArray("Records");
        records.forEach(record -> array.add(record.json()));
        return event.toString();
    }
}
