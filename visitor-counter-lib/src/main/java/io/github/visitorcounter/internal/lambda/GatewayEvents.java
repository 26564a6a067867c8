package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Disconnection;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Reads the events of an API Gateway WebSocket API.
 *
 * <p>It parses the JSON itself rather than through {@code APIGatewayV2WebSocketEvent}: that class has no
 * {@code disconnectStatusCode} and no {@code disconnectReason}, and an invalid event would fail before the handler
 * could answer 400.
 */
public final class GatewayEvents {

    private static final String AUTHORIZER = "authorizer";

    private GatewayEvents() {}

    /**
     * Reads a {@code $connect} event.
     *
     * @param input the event
     * @return the request
     * @throws InvalidEventException if it is not a {@code $connect} event
     * @throws IOException if the input can't be read
     */
    public static ConnectRequest connectRequest(InputStream input) throws IOException {
        EventField event = EventField.read(input);
        EventField context = context(event, "CONNECT");
        String sourceIp = context.get("identity").get("sourceIp").optionalText();
        return new ConnectRequest(
                context.get("connectionId").connectionId(),
                context.get("connectedAt").epochMillis(),
                event.get("queryStringParameters").texts(UnaryOperator.identity()),
                event.get("headers").texts(name -> name.toLowerCase(Locale.ROOT)),
                sourceIp == null ? "" : sourceIp,
                context.get(AUTHORIZER).scalars());
    }

    /**
     * Reads a {@code $disconnect} event.
     *
     * @param input the event
     * @return the disconnection
     * @throws InvalidEventException if it is not a {@code $disconnect} event
     * @throws IOException if the input can't be read
     */
    public static Disconnection disconnection(InputStream input) throws IOException {
        EventField context = context(EventField.read(input), "DISCONNECT");
        return new Disconnection(
                context.get("connectionId").connectionId(),
                context.get("connectedAt").epochMillis(),
                context.get("requestTimeEpoch").epochMillis(),
                context.get("disconnectStatusCode").optionalInteger(),
                context.get("disconnectReason").optionalText(),
                context.get(AUTHORIZER).scalars());
    }

    /**
     * Reads a message event.
     *
     * @param input the event
     * @return the message; its body may be anything
     * @throws InvalidEventException if it is not a message event
     * @throws IOException if the input can't be read
     */
    public static ClientMessage message(InputStream input) throws IOException {
        EventField event = EventField.read(input);
        EventField context = context(event, "MESSAGE");
        String body = event.get("body").optionalText();
        return new ClientMessage(
                context.get("connectionId").connectionId(),
                context.get("connectedAt").epochMillis(),
                context.get("requestTimeEpoch").epochMillis(),
                body == null ? null : field(body, "action"),
                body == null ? "" : body,
                context.get(AUTHORIZER).scalars());
    }

    /**
     * Returns the counter whose count a message asks for.
     *
     * @param message the message
     * @return the text of its field {@code counter}, not validated; null if it has none
     */
    public static @Nullable String requestedCounter(ClientMessage message) {
        return field(message.body(), "counter");
    }

    /** Returns the text of a field of a message; null if the body is not a JSON object with such a string. */
    private static @Nullable String field(String body, String name) {
        try {
            return EventField.parse(body).get(name).optionalText();
        } catch (InvalidEventException absent) {
            return null;
        }
    }

    private static EventField context(EventField event, String expectedType) {
        EventField context = event.get("requestContext");
        EventField type = context.get("eventType");
        if (!expectedType.equals(type.text())) {
            throw new InvalidEventException(
                    "requestContext.eventType is not " + expectedType
                            + ": this handler belongs to another route of the WebSocket API",
                    null);
        }
        return context;
    }
}
