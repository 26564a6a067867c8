package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * A visitor asks to connect: what API Gateway's {@code $connect} event says.
 *
 * @param connectionId API Gateway's id of the connection; nothing can be posted to it before the request was answered
 * @param connectedAt when API Gateway received the request
 * @param query the query parameters of the WebSocket URL, empty when there are none
 * @param headers the headers of the handshake, by lower-case name
 * @param sourceIp the visitor's address: personal data, not to be logged or stored
 * @since 0.1.0
 */
public record ConnectRequest(
        String connectionId,
        Instant connectedAt,
        Map<String, String> query,
        Map<String, String> headers,
        String sourceIp) {

    /** The query parameter that chooses the counter. */
    public static final String COUNTER_PARAMETER = "counter";

    /** The query parameter that names the visit: the same at every reconnect of a page. */
    public static final String VISIT_PARAMETER = "visit";

    /** The query parameter that names the visitor: the same in all tabs of a browser, for instance. */
    public static final String VISITOR_PARAMETER = "visitor";

    /**
     * Copies the maps.
     *
     * @param connectionId API Gateway's id of the connection
     * @param connectedAt when API Gateway received the request
     * @param query the query parameters
     * @param headers the headers, by lower-case name
     * @param sourceIp the visitor's address
     */
    public ConnectRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
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
     * @return the value of {@value #COUNTER_PARAMETER}, not checked yet; null when the page named none
     */
    public @Nullable String requestedCounter() {
        return query.get(COUNTER_PARAMETER);
    }

    /**
     * Returns the id of the visit.
     *
     * @return the value of {@value #VISIT_PARAMETER}, not checked yet; null when the page gave none
     */
    public @Nullable String visit() {
        return query.get(VISIT_PARAMETER);
    }

    /**
     * Returns the id of the visitor.
     *
     * @return the value of {@value #VISITOR_PARAMETER}, not checked yet; null when the page gave none
     */
    public @Nullable String visitor() {
        return query.get(VISITOR_PARAMETER);
    }
}
