package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * The end of a connection, with the data of API Gateway's {@code $disconnect} event. Immutable. Delivery of the event
 * is best effort: it may be lost.
 *
 * @param connectionId API Gateway's id of the connection
 * @param connectedAt when API Gateway accepted the connection, by its clock
 * @param disconnectedAt when API Gateway noticed the end, by its clock
 * @param statusCode the WebSocket close code, for instance 1001 for a closed tab, 1005 for a close without a code; null
 *     when API Gateway gave none
 * @param reason why the connection ended, as given by API Gateway or the client; null if neither gave a reason. Do not
 *     trust its content
 * @param authorizer what the Lambda authorizer returned when the connection was opened, as in
 *     {@link ConnectRequest#authorizer()}; empty when the {@code $connect} route has no authorizer
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html">the
 *     {@code $connect} and {@code $disconnect} routes</a>
 * @since 0.1.0
 */
public record Disconnection(
        String connectionId,
        Instant connectedAt,
        Instant disconnectedAt,
        @Nullable Integer statusCode,
        @Nullable String reason,
        Map<String, Object> authorizer) {

    /**
     * Copies the map.
     *
     * @param connectionId API Gateway's id of the connection
     * @param connectedAt when API Gateway accepted the connection
     * @param disconnectedAt when API Gateway noticed the end
     * @param statusCode the WebSocket close code, or null
     * @param reason why the connection ended, or null
     * @param authorizer what the Lambda authorizer returned
     */
    public Disconnection {
        authorizer = Map.copyOf(authorizer);
    }
}
