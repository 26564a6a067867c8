package io.github.visitorcounter.internal.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The JSON payloads of direct invocations of the broadcast function. */
public final class InvocationPayloads {

    private static final String COUNTER_ID = "counterId";
    private static final String SEGMENT = "segment";
    private static final String SUSPECTS = "suspects";
    private static final String UNSENT = "unsent";

    /** The maximum of a DynamoDB scan. */
    private static final int MAX_SEGMENTS = 1_000_000;

    private InvocationPayloads() {}

    /**
     * Returns the payload that requests a broadcast.
     *
     * @param counterId the counter
     * @return the payload
     */
    public static String direct(String counterId) {
        return payload(counterId).toString();
    }

    /**
     * Returns the payload that requests one segment of a broadcast.
     *
     * @param request the request
     * @return the payload
     */
    public static String segment(SegmentRequest request) {
        ObjectNode json = payload(request.counterId());
        ArrayNode suspects = json.putObject(SEGMENT)
                .put("index", request.segment())
                .put("of", request.totalSegments())
                .put("message", request.message())
                .putArray(SUSPECTS);
        request.suspects().forEach(suspects::add);
        return json.toString();
    }

    /**
     * Returns the response to a request for a segment.
     *
     * @param report the report of the segment
     * @return the response
     */
    public static String report(SegmentReport report) {
        DeliveryStats tally = report.tally();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("audience", tally.audience())
                .put("delivered", tally.delivered())
                .put("gone", tally.gone())
                .put("notYetOpen", tally.notYetOpen())
                .put("failed", tally.failed())
                .put("removed", tally.removed())
                .put("posts", tally.posts())
                .put("lags", report.lags());
        write(report.unsent(), json.putArray(UNSENT));
        write(report.suspects(), json.putArray(SUSPECTS));
        return json.toString();
    }

    /**
     * Reads the response to a request for a segment.
     *
     * @param counterId the counter
     * @param response the response
     * @return the report of the segment
     * @throws IOException if it can't be read
     * @throws InvalidEventException if it is not such a response
     */
    public static SegmentReport readReport(String counterId, InputStream response) throws IOException {
        EventField json = EventField.read(response);
        DeliveryStats tally = new DeliveryStats(
                number(json, "audience"),
                number(json, "delivered"),
                number(json, "gone"),
                number(json, "notYetOpen"),
                number(json, "failed"),
                number(json, "removed"),
                number(json, "posts"));
        return new SegmentReport(
                tally,
                connections(counterId, json.get(UNSENT)),
                connections(counterId, json.get(SUSPECTS)),
                json.get("lags").flag());
    }

    private static int number(EventField json, String name) {
        return json.get(name).integer(0, Integer.MAX_VALUE);
    }

    /** Reads the payload of a direct invocation. */
    static BroadcastRequest read(EventField event) {
        String counterId = event.get(COUNTER_ID).counterId();
        EventField segment = event.get(SEGMENT);
        if (!segment.isPresent()) {
            return new BroadcastRequest.Direct(counterId);
        }
        int of = segment.get("of").integer(1, MAX_SEGMENTS);
        return new BroadcastRequest.Segment(new SegmentRequest(
                counterId,
                segment.get("index").integer(0, of - 1),
                of,
                segment.get("message").text(),
                ids(segment.get(SUSPECTS))));
    }

    private static ObjectNode payload(String counterId) {
        return JsonNodeFactory.instance.objectNode().put(COUNTER_ID, counterId);
    }

    private static void write(List<Connection> connections, ArrayNode json) {
        for (Connection connection : connections) {
            json.addObject()
                    .put("id", connection.connectionId())
                    .put("connectedAt", connection.connectedAt().toEpochMilli());
        }
    }

    private static List<Connection> connections(String counterId, EventField json) {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < json.array().size(); i++) {
            EventField connection = json.get(i);
            connections.add(Connection.opened(
                    connection.get("id").connectionId(),
                    counterId,
                    connection.get("connectedAt").epochMillis()));
        }
        return connections;
    }

    private static Set<String> ids(EventField json) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < json.array().size(); i++) {
            ids.add(json.get(i).connectionId());
        }
        return ids;
    }
}
