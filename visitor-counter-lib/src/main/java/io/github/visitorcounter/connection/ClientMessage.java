package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * A message of a page, with the data of API Gateway's event. Immutable.
 *
 * @param connectionId API Gateway's id of the connection
 * @param connectedAt when API Gateway accepted the connection, by its clock
 * @param receivedAt when API Gateway received the message, by its clock
 * @param action the text of the field {@code action}; null if the message is not a JSON object with such a string
 * @param body the message as the page sent it, at most 128 KB; nothing in it has been checked
 * @param authorizer what the Lambda authorizer returned when the connection was opened, as in
 *     {@link ConnectRequest#authorizer()}; empty when the {@code $connect} route has no authorizer
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html">what
 *     the fields of an event mean</a>
 * @since 0.1.0
 */
public record ClientMessage(
        String connectionId,
        Instant connectedAt,
        Instant receivedAt,
        @Nullable String action,
        String body,
        Map<String, Object> authorizer) {

    /**
     * Copies the map.
     *
     * @param connectionId API Gateway's id of the connection
     * @param connectedAt when API Gateway accepted the connection
     * @param receivedAt when API Gateway received the message
     * @param action the text of the field {@code action}, or null
     * @param body the message as the page sent it
     * @param authorizer what the Lambda authorizer returned
     */
    public ClientMessage {
        authorizer = Map.copyOf(authorizer);
    }
}
