package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * A request to connect, with the data of API Gateway's {@code $connect} event. Immutable. The client controls the query
 * and most of the headers; do not trust their content.
 *
 * @param connectionId API Gateway's id of the connection; nothing can be sent to it before the request was answered
 * @param connectedAt when API Gateway received the request, by its clock
 * @param query the query parameters of the WebSocket URL, empty when there are none; of a parameter that is given
 *     several times, the last value
 * @param headers the headers of the handshake by lower-case name; of a header that is given several times, the last
 *     value
 * @param sourceIp the visitor's IP address, empty when the event has none: personal data, not to be logged or stored
 * @param authorizer what the Lambda authorizer of the {@code $connect} route returned: its context and its
 *     {@code principalId}. Each value is a {@link String}, a {@link Number} or a {@link Boolean}; API Gateway turns
 *     most numbers and booleans of a context into strings. Empty when the route has no authorizer
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html">Lambda
 *     authorizers of WebSocket APIs</a>
 * @since 0.1.0
 */
public record ConnectRequest(
        String connectionId,
        Instant connectedAt,
        Map<String, String> query,
        Map<String, String> headers,
        String sourceIp,
        Map<String, Object> authorizer) {

    /** The query parameter that chooses the counter. */
    public static final String COUNTER_PARAMETER = "counter";

    /** The query parameter that names the visit: the same at every reconnect of a page. */
    public static final String VISIT_PARAMETER = "visit";

    /** The query parameter that names the visitor: the same in all tabs of a browser, for instance. */
    public static final String VISITOR_PARAMETER = "visitor";

    /** The query parameter with which a page only watches, if its value is {@code 1}. */
    public static final String WATCH_PARAMETER = "watch";

    /**
     * Copies the maps.
     *
     * @param connectionId API Gateway's id of the connection
     * @param connectedAt when API Gateway received the request
     * @param query the query parameters
     * @param headers the headers, by lower-case name
     * @param sourceIp the visitor's IP address
     * @param authorizer what the Lambda authorizer returned
     */
    public ConnectRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
        authorizer = Map.copyOf(authorizer);
    }

    /**
     * Returns a header of the handshake.
     *
     * @param name its name, in any case
     * @return its value, or null when it is absent
     */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the counter that the page asked for.
     *
     * @return the value of {@value #COUNTER_PARAMETER}, not validated; null if the page named none
     */
    public @Nullable String requestedCounter() {
        return query.get(COUNTER_PARAMETER);
    }

    /**
     * Returns the id of the visit.
     *
     * @return the value of {@value #VISIT_PARAMETER}, not validated; null if the page gave none
     */
    public @Nullable String visit() {
        return query.get(VISIT_PARAMETER);
    }

    /**
     * Returns the id of the visitor.
     *
     * @return the value of {@value #VISITOR_PARAMETER}, not validated; null if the page gave none
     */
    public @Nullable String visitor() {
        return query.get(VISITOR_PARAMETER);
    }

    /**
     * Returns whether the page asks to watch: to receive the numbers without being counted.
     *
     * @return true if the value of {@value #WATCH_PARAMETER} is {@code 1}
     */
    public boolean onlyWatches() {
        return "1".equals(query.get(WATCH_PARAMETER));
    }
}
