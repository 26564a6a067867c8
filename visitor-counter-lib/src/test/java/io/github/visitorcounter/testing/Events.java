package io.github.visitorcounter.testing;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Sample events of AWS, and a method that passes them to a handler. */
public final class Events {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Events() {}

    /** Loads an event of {@code src/test/resources/events}. */
    public static ObjectNode load(String name) {
        try (InputStream file = Events.class.getResourceAsStream("/events/" + name + ".json")) {
            return (ObjectNode) JSON.readTree(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns a connect event for a connection and a counter. */
    public static String connect(String connectionId, String counterId) {
        ObjectNode event = load("connect");
        event.withObject("/requestContext").put("connectionId", connectionId);
        event.withObject("/queryStringParameters").put("counter", counterId);
        return event.toString();
    }

    /** Returns a disconnect event for a connection. */
    public static String disconnect(String connectionId) {
        ObjectNode event = load("disconnect");
        event.withObject("/requestContext").put("connectionId", connectionId);
        return event.toString();
    }

    /** Returns the event of a message. */
    public static String message(String connectionId, String body) {
        ObjectNode event = load("message");
        event.withObject("/requestContext").put("connectionId", connectionId);
        return event.put("body", body).toString();
    }

    /** Returns the event of a request to a function URL, without an origin. */
    public static ObjectNode request(String method, String path, Map<String, String> query) {
        ObjectNode event = load("request-function-url");
        event.put("rawPath", path).withObject("/requestContext/http").put("method", method);
        event.withObject("/headers").remove("origin");
        ObjectNode parameters = event.putObject("queryStringParameters");
        query.forEach(parameters::put);
        return event;
    }

    /** Runs a handler as Lambda does. */
    public static JsonNode handle(RequestStreamHandler handler, String event, Context context) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, context);
            return JSON.readTree(answer.toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
