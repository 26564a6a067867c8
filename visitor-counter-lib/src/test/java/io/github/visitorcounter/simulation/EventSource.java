package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.simulation.Invocation.Answer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A stream's shard and the event source mapping behind it, as the templates set it up: one batch at a time, a filter, partial
 * failures, bisection, five retries, a minute at most; and batches that come again, then or later.
 */
final class EventSource {

    private static final String ARN =
            "arn:aws:dynamodb:us-east-1:123456789012:table/VisitorCount/stream/2026-11-24T10:00:00.000";

    private static final int MOST_RETRIES = 5;
    private static final long OLDEST_MICROS = 60_000_000;
    private static final int POLL_MILLIS = 250;
    private static final int RETRY_MILLIS = 1_000;
    private static final int DUPLICATE_WITHIN_MILLIS = 30_000;

    private record StreamRecord(long number, long createdAt, ObjectNode json) {}

    private record Batch(List<StreamRecord> records, int attempt) {}

    private final World world;
    private final Functions functions;
    private final Ledger ledger;
    private final Deque<StreamRecord> waiting = new ArrayDeque<>();
    private final Deque<Batch> toRetry = new ArrayDeque<>();
    private final List<StreamRecord> done = new ArrayList<>();
    private boolean busy;
    private long number;

    EventSource(World world, Functions functions, Ledger ledger) {
        this.world = world;
        this.functions = functions;
        this.ledger = ledger;
    }

    /** A row of the table of counters has changed. */
    void changed(
            String key, @Nullable Map<String, AttributeValue> before, @Nullable Map<String, AttributeValue> after) {
        number++;
        if (!passesTheFilter(after)) {
            return;
        }
        waiting.add(new StreamRecord(number, world.scheduler().now(), json(key, before, after)));
        if (!busy) {
            busy = true;
            world.scheduler().after(world.dice().upTo(POLL_MILLIS), this::next);
        }
    }

    private boolean passesTheFilter(@Nullable Map<String, AttributeValue> after) {
        if (!functions.deployment().filters()) {
            return true;
        }
        AttributeValue lastChange = after == null ? null : after.get("lastChange");
        return lastChange != null && !(functions.deployment().announces() && "DISCONNECT".equals(lastChange.s()));
    }

    private ObjectNode json(
            String key, @Nullable Map<String, AttributeValue> before, @Nullable Map<String, AttributeValue> after) {
        ObjectNode record = Json.object();
        record.put("eventID", Long.toString(number))
                .put("eventName", before == null ? "INSERT" : after == null ? "REMOVE" : "MODIFY")
                .put("eventVersion", "1.1")
                .put("eventSource", "aws:dynamodb")
                .put("awsRegion", "us-east-1")
                .put("eventSourceARN", ARN);
        ObjectNode change = record.putObject("dynamodb");
        change.putObject("Keys").putObject("counterId").put("S", key);
        if (after != null) {
            ObjectNode image = change.putObject("NewImage");
            after.forEach((name, value) -> {
                if (value.n() != null) {
                    image.putObject(name).put("N", value.n());
                } else if (value.s() != null) {
                    image.putObject(name).put("S", value.s());
                }
            });
        }
        change.put("SequenceNumber", String.format("%021d", number)).put("StreamViewType", "NEW_IMAGE");
        return record;
    }

    private void next() {
        Batch batch = toRetry.poll();
        if (batch == null) {
            List<StreamRecord> records = new ArrayList<>();
            int most = world.dice().between(1, functions.deployment().batchSize());
            while (!waiting.isEmpty() && records.size() < most) {
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
            next();
            return;
        }
        String payload = payload(batch.records());
        functions.invoke(Functions.BROADCAST, "stream", 0, payload, answer -> answered(batch, answer));
        if (world.dice().chance(world.troubles().batchTwin())) {
            functions.invoke(Functions.BROADCAST, "stream", 0, payload, ledger::repeated);
        }
    }

    private void answered(Batch batch, Answer answer) {
        int succeeded = answer.isOk() ? succeeded(batch, answer.body()) : 0;
        done.addAll(batch.records().subList(0, succeeded));
        List<StreamRecord> failed =
                batch.records().subList(succeeded, batch.records().size());
        if (failed.isEmpty()) {
            comeAgainSomeDay();
            world.scheduler().after(world.latency(5), this::next);
            return;
        }
        if (!answer.isOk() && failed.size() > 1) {
            // Bisection does not count as a retry.
            toRetry.push(new Batch(List.copyOf(failed.subList(failed.size() / 2, failed.size())), batch.attempt()));
            toRetry.push(new Batch(List.copyOf(failed.subList(0, failed.size() / 2)), batch.attempt()));
        } else if (batch.attempt() < MOST_RETRIES) {
            toRetry.push(new Batch(List.copyOf(failed), batch.attempt() + 1));
        } else {
            drop(batch, "failed too often");
        }
        world.scheduler().after(world.dice().upTo(RETRY_MILLIS), this::next);
    }

    private void drop(Batch batch, String why) {
        ledger.gaveUp("a batch that " + why + ", from record "
                + batch.records().get(0).number());
    }

    /** The lowest of the failed items is where Lambda goes on. */
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

    /** A stream delivers at least once: any records may come a second time, late, and in another batch. */
    private void comeAgainSomeDay() {
        if (!world.dice().chance(world.troubles().batchTwice())) {
            return;
        }
        int from = world.dice().between(0, done.size() - 1);
        int to = Math.min(done.size(), from + world.dice().between(1, 5));
        String payload = payload(List.copyOf(done.subList(from, to)));
        world.scheduler()
                .after(
                        world.dice().upTo(DUPLICATE_WITHIN_MILLIS),
                        () -> functions.invoke(Functions.BROADCAST, "stream", 0, payload, ledger::repeated));
    }

    private static String payload(List<StreamRecord> records) {
        ObjectNode event = Json.object();
        ArrayNode array = event.putArray("Records");
        records.forEach(record -> array.add(record.json()));
        return event.toString();
    }
}
