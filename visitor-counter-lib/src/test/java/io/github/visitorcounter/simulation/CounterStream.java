package io.github.visitorcounter.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.List;
import java.util.Map;

/** The stream of the table of counters: delivers its records to both event source mappings, each with its filter. */
final class CounterStream {

    private static final String ARN =
            "arn:aws:dynamodb:us-east-1:123456789012:table/VisitorCount/stream/2026-11-24T10:00:00.000";
    private static final String WAKE_UPS = "wake#";
    private static final int WAKE_UP_BATCH = 100;

    /**
     * A record.
     *
     * @param number its position in the stream
     * @param createdAt the time in microseconds
     * @param injections the number of injected faults by then
     * @param key the row's key
     * @param json the record as Lambda sends it
     */
    record StreamRecord(long number, long createdAt, long injections, String key, ObjectNode json) {

        boolean isWakeUp() {
            return key.startsWith(WAKE_UPS);
        }

        boolean isOfCounter() {
            return json.at("/dynamodb/NewImage").has("lastChange");
        }
    }

    private final SimulatedWorld world;
    private final Functions functions;
    private final EventSourceMapping broadcasts;
    private final EventSourceMapping wakeUps;
    private long number;

    CounterStream(SimulatedWorld world, Functions functions, Invariants invariants) {
        this.world = world;
        this.functions = functions;
        this.broadcasts = new EventSourceMapping(
                world,
                functions,
                invariants,
                Functions.BROADCAST,
                () -> functions.deployment().batchSize(),
                () -> 0L);
        this.wakeUps = new EventSourceMapping(
                world,
                functions,
                invariants,
                Functions.WAKE_UP,
                () -> WAKE_UP_BATCH,
                () -> SimulatedWorld.micros(functions.deployment().wakeUpWindow()));
    }

    /** Adds a record for a changed row of the table of counters. */
    void changed(
            String key, @Nullable Map<String, AttributeValue> before, @Nullable Map<String, AttributeValue> after) {
        number++;
        StreamRecord record =
                new StreamRecord(number, world.scheduler().now(), world.injections(), key, json(key, before, after));
        if (passesTheFilter(after)) {
            broadcasts.offer(record);
        }
        if (after != null && record.isWakeUp()) {
            wakeUps.offer(record);
        }
    }

    private boolean passesTheFilter(@Nullable Map<String, AttributeValue> after) {
        if (!functions.deployment().filters()) {
            return true;
        }
        AttributeValue lastChange = after == null ? null : after.get("lastChange");
        return lastChange != null
                && !(functions.deployment().requestsBroadcasts() && "DISCONNECT".equals(lastChange.s()));
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
            write(after, change.putObject("NewImage"));
        }
        change.put("SequenceNumber", String.format("%021d", number)).put("StreamViewType", "NEW_IMAGE");
        return record;
    }

    private static void write(Map<String, AttributeValue> item, ObjectNode json) {
        item.forEach((name, value) -> write(value, json.putObject(name)));
    }

    private static void write(AttributeValue value, ObjectNode json) {
        if (value.n() != null) {
            json.put("N", value.n());
        } else if (value.s() != null) {
            json.put("S", value.s());
        } else if (value.hasM()) {
            write(value.m(), json.putObject("M"));
        } else if (value.hasL()) {
            List<AttributeValue> elements = value.l();
            elements.forEach(element -> write(element, json.withArray("L").addObject()));
        }
    }
}
