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

/**
 * Creates and writes the responses of the functions. They are written field by field, because mapping by reflection
 * would slow down a cold start.
 */
public final class Responses {

    private static final JsonFactory JSON = new JsonFactory();

    private Responses() {}

    /**
     * Creates a response to a WebSocket route.
     *
     * @param statusCode an HTTP status; for {@code $connect}, 2xx accepts the connection
     * @param headers the headers of the handshake's response
     * @param body the body, or null
     * @return the response
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
     * Writes a response to a WebSocket route.
     *
     * @param response the response
     * @param output receives the response
     * @throws IOException if it can't be written
     */
    public static void write(APIGatewayV2WebSocketResponse response, OutputStream output) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", response.getStatusCode());
            writeHeaders(response.getHeaders(), json);
            if (response.getBody() != null) {
                json.writeStringField("body", response.getBody());
            }
            json.writeEndObject();
        }
    }

    /**
     * Writes a response of a function URL or an HTTP API. A body is never base64: all bodies are text.
     *
     * @param response the response
     * @param output receives the response
     * @throws IOException if it can't be written
     */
    public static void write(HttpResponse response, OutputStream output) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", response.statusCode());
            writeHeaders(response.headers(), json);
            json.writeStringField("body", response.body());
            json.writeBooleanField("isBase64Encoded", false);
            json.writeEndObject();
        }
    }

    private static void writeHeaders(Map<String, String> headers, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
    }

    /**
     * Creates the response to a batch of a stream.
     *
     * @param failedSequenceNumbers the records that Lambda must deliver again
     * @return the response
     */
    public static StreamsEventResponse stream(List<String> failedSequenceNumbers) {
        return new StreamsEventResponse(failedSequenceNumbers.stream()
                .map(StreamsEventResponse.BatchItemFailure::new)
                .toList());
    }

    /**
     * Writes the response to a batch of a stream.
     *
     * @param response the response
     * @param output receives the response
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
     * Writes the report of a reconcile.
     *
     * @param report the report
     * @param output receives the response
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
