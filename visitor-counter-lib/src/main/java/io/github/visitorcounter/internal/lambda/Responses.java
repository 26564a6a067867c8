package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.visitorcounter.reconcile.ReconcileReport;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Makes and writes the functions' answers. Written field by field: mapping two small classes by reflection costs a cold start. */
public final class Responses {

    private static final JsonFactory JSON = new JsonFactory();

    private Responses() {}

    /**
     * Makes an answer to a WebSocket route.
     *
     * @param statusCode an HTTP status; for {@code $connect}, 2xx accepts the connection
     * @param headers headers of the handshake's answer
     * @param body what a rejected client is told, or null
     * @return the answer
     */
    public static APIGatewayV2WebSocketResponse webSocket(
            int statusCode, Map<String, String> headers, @Nullable String body) {
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(statusCode);
        response.setHeaders(headers);
        response.setBody(body);
        return response;
    }

    /**
     * Writes an answer to a WebSocket route.
     *
     * @param response the answer
     * @param output where Lambda expects it
     * @throws IOException if it can't be written
     */
    public static void write(APIGatewayV2WebSocketResponse response, OutputStream output) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", response.getStatusCode());
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : response.getHeaders().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            if (response.getBody() != null) {
                json.writeStringField("body", response.getBody());
            }
            json.writeEndObject();
        }
    }

    /**
     * Makes an answer to a stream's batch.
     *
     * @param failedSequenceNumbers the records that must come again
     * @return the answer
     */
    public static StreamsEventResponse stream(List<String> failedSequenceNumbers) {
        return new StreamsEventResponse(failedSequenceNumbers.stream()
                .map(StreamsEventResponse.BatchItemFailure::new)
                .toList());
    }

    /**
     * Writes an answer to a stream's batch.
     *
     * @param response the answer
     * @param output where Lambda expects it
     * @throws IOException if it can't be written
     */
    public static void write(StreamsEventResponse response, OutputStream output) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeArrayFieldStart("batchItemFailures");
            for (StreamsEventResponse.BatchItemFailure failure : response.getBatchItemFailures()) {
                json.writeStartObject();
                json.writeStringField("itemIdentifier", failure.getItemIdentifier());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * Writes what was healed.
     *
     * @param report what was healed
     * @param output where Lambda expects it
     * @throws IOException if it can't be written
     */
    public static void write(ReconcileReport report, OutputStream output) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeNumberField("counters", report.counters());
            json.writeNumberField("cycleCounters", report.cycleCounters());
            json.writeStringField("cycleStart", report.cycleStart().toString());
            json.writeNumberField("connections", report.connections());
            json.writeNumberField("expired", report.expired());
            json.writeNumberField("probed", report.probed());
            json.writeNumberField("suspects", report.suspects());
            json.writeNumberField("unanswered", report.unanswered());
            json.writeObjectFieldStart("drifts");
            for (Map.Entry<String, Long> drift : report.drifts().entrySet()) {
                json.writeNumberField(drift.getKey(), drift.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("uncertain", report.uncertain());
            json.writeArrayFieldStart("restarted");
            for (String counterId : report.restarted()) {
                json.writeString(counterId);
            }
            json.writeEndArray();
            json.writeNumberField("removedCounters", report.removedCounters());
            json.writeNumberField("elapsedMillis", report.elapsed().toMillis());
            json.writeBooleanField("complete", report.complete());
            json.writeEndObject();
        }
    }
}
