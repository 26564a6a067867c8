package io.github.visitorcounter.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.broadcast.PassTally;
import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.PacerOrder;
import io.github.visitorcounter.broadcast.Relay.Rest;
import io.github.visitorcounter.broadcast.Relay.SegmentOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentReport;
import io.github.visitorcounter.broadcast.Relay.StragglerOrder;
import io.github.visitorcounter.connection.Connection;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the broadcasting function's invocations say to each other, as JSON. */
public final class Orders {

    private static final String COUNTER_ID = "counterId";
    private static final String PACER = "pacer";
    private static final String STRAGGLERS = "stragglers";
    private static final String LATE_LOOK = "lateLook";
    private static final String SEGMENT = "segment";

    /** DynamoDB divides a table into no more. */
    private static final int MOST_SEGMENTS = 1_000_000;

    private Orders() {}

    /**
     * The payload that asks for a broadcast because somebody has left.
     *
     * @param counterId whose count
     * @return the payload
     */
    public static String direct(String counterId) {
        return order(counterId).toString();
    }

    /**
     * The payload that starts a pacer.
     *
     * @param order the order
     * @return the payload
     */
    public static String pacer(PacerOrder order) {
        ObjectNode json = order(order.counterId());
        ObjectNode pacer = json.putObject(PACER).put("parent", order.parent()).put("hop", order.hop());
        Instant lingersUntil = order.lingersUntil();
        if (lingersUntil != null) {
            pacer.put("lingersUntil", lingersUntil.toEpochMilli());
        }
        Rest rest = order.rest();
        if (rest != null) {
            pacer.putObject("rest").put("cursor", rest.cursor()).put("version", rest.version());
        }
        return json.toString();
    }

    /**
     * The payload that lets stragglers be told.
     *
     * @param order the order
     * @return the payload
     */
    public static String stragglers(StragglerOrder order) {
        ObjectNode json = order(order.counterId());
        ObjectNode stragglers =
                json.putObject(STRAGGLERS).put("version", order.version()).put("hop", order.hop());
        write(order.connections(), stragglers.putArray("connections"));
        return json.toString();
    }

    /**
     * The payload that lets another invocation look again.
     *
     * @param order the order
     * @return the payload
     */
    public static String lateLook(LateLookOrder order) {
        ObjectNode json = order(order.counterId());
        json.putObject(LATE_LOOK)
                .put("version", order.version())
                .put("passAt", order.passAt().toEpochMilli());
        return json.toString();
    }

    /**
     * The payload that lets a segment be told.
     *
     * @param order the order
     * @return the payload
     */
    public static String segment(SegmentOrder order) {
        ObjectNode json = order(order.counterId());
        json.putObject(SEGMENT)
                .put("index", order.segment())
                .put("of", order.totalSegments())
                .put("message", order.message());
        return json.toString();
    }

    /**
     * The answer of an invocation that told a segment.
     *
     * @param report what was done
     * @return the answer
     */
    public static String report(SegmentReport report) {
        PassTally tally = report.tally();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("audience", tally.audience())
                .put("delivered", tally.delivered())
                .put("gone", tally.gone())
                .put("notYetOpen", tally.notYetOpen())
                .put("failed", tally.failed())
                .put("removed", tally.removed())
                .put("posts", tally.posts());
        write(report.stragglers(), json.putArray(STRAGGLERS));
        return json.toString();
    }

    /**
     * Reads the answer of an invocation that told a segment.
     *
     * @param counterId whose count
     * @param answer the answer
     * @return what was done
     * @throws IOException if it can't be read
     */
    public static SegmentReport readReport(String counterId, InputStream answer) throws IOException {
        EventNode json = EventNode.read(answer);
        PassTally tally = new PassTally(
                number(json, "audience"),
                number(json, "delivered"),
                number(json, "gone"),
                number(json, "notYetOpen"),
                number(json, "failed"),
                number(json, "removed"),
                number(json, "posts"));
        return new SegmentReport(tally, connections(counterId, json.get(STRAGGLERS)));
    }

    private static int number(EventNode json, String name) {
        return json.get(name).integer(0, Integer.MAX_VALUE);
    }

    /** Reads a payload. */
    static BroadcastRequest read(EventNode event) {
        String counterId = event.get(COUNTER_ID).counterId();
        EventNode pacer = event.get(PACER);
        EventNode stragglers = event.get(STRAGGLERS);
        EventNode lateLook = event.get(LATE_LOOK);
        EventNode segment = event.get(SEGMENT);
        if (pacer.isPresent()) {
            EventNode lingersUntil = pacer.get("lingersUntil");
            return new BroadcastRequest.Pacer(new PacerOrder(
                    counterId,
                    pacer.get("parent").text(),
                    number(pacer, "hop"),
                    lingersUntil.isPresent() ? lingersUntil.epochMillis() : null,
                    rest(pacer.get("rest"))));
        }
        if (stragglers.isPresent()) {
            return new BroadcastRequest.Stragglers(new StragglerOrder(
                    counterId,
                    stragglers.get("version").longInteger(),
                    connections(counterId, stragglers.get("connections")),
                    number(stragglers, "hop")));
        }
        if (lateLook.isPresent()) {
            return new BroadcastRequest.LateLook(new LateLookOrder(
                    counterId,
                    lateLook.get("version").longInteger(),
                    lateLook.get("passAt").epochMillis()));
        }
        if (segment.isPresent()) {
            int of = segment.get("of").integer(1, MOST_SEGMENTS);
            return new BroadcastRequest.Segment(new SegmentOrder(
                    counterId,
                    segment.get("index").integer(0, of - 1),
                    of,
                    segment.get("message").text()));
        }
        return new BroadcastRequest.Direct(counterId);
    }

    private static ObjectNode order(String counterId) {
        return JsonNodeFactory.instance.objectNode().put(COUNTER_ID, counterId);
    }

    private static @Nullable Rest rest(EventNode rest) {
        return rest.isPresent()
                ? new Rest(
                        rest.get("cursor").optionalText(), rest.get("version").longInteger())
                : null;
    }

    private static void write(List<Connection> connections, ArrayNode json) {
        for (Connection connection : connections) {
            json.addObject()
                    .put("id", connection.connectionId())
                    .put("connectedAt", connection.connectedAt().toEpochMilli());
        }
    }

    private static List<Connection> connections(String counterId, EventNode json) {
        if (!json.isArray()) {
            throw json.wrong("a list of connections");
        }
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            EventNode connection = json.get(i);
            connections.add(Connection.opened(
                    connection.get("id").connectionId(),
                    counterId,
                    connection.get("connectedAt").epochMillis()));
        }
        return connections;
    }
}
