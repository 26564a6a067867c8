package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * A connection that is counted: a row of the table of connections. Immutable.
 *
 * @param connectionId API Gateway's id of the connection
 * @param counterId the counter that it is counted in
 * @param connectedAt when API Gateway accepted it, by its clock
 * @param expiresAt when it can no longer be open. Readers ignore the row from then on; DynamoDB's time to live removes
 *     it later, usually within days
 * @param visit the id of the visit or, if visitors are counted, of the visitor that it belongs to; null if the page
 *     gave none, or if it is not known here
 * @since 0.1.0
 */
public record Connection(
        String connectionId,
        String counterId,
        Instant connectedAt,
        Instant expiresAt,
        @Nullable String visit) {

    /**
     * API Gateway closes every connection after two hours; ten minutes more allow for late events.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html">WebSocket
     *     quotas</a>
     */
    public static final Duration LIFETIME = Duration.ofMinutes(130);

    /**
     * Describes a connection without a visit.
     *
     * @param connectionId API Gateway's id of the connection
     * @param counterId the counter that it is counted in
     * @param connectedAt when API Gateway accepted it
     * @return the connection, expiring after {@link #LIFETIME}
     */
    public static Connection opened(String connectionId, String counterId, Instant connectedAt) {
        return opened(connectionId, counterId, connectedAt, null);
    }

    /**
     * Describes a connection.
     *
     * @param connectionId API Gateway's id of the connection
     * @param counterId the counter that it is counted in
     * @param connectedAt when API Gateway accepted it
     * @param visit the visit or visitor that it belongs to, or null
     * @return the connection, expiring after {@link #LIFETIME}
     */
    public static Connection opened(
            String connectionId, String counterId, Instant connectedAt, @Nullable String visit) {
        return new Connection(connectionId, counterId, connectedAt, connectedAt.plus(LIFETIME), visit);
    }

    /**
     * Returns the id of the visit that the connection is counted with. A connection without a visit is a visit of its
     * own, so that every connect and disconnect changes a visit row, which shows whether the connection was
     * counted before.
     *
     * @return {@link #visit()}, or the connection's id
     */
    public String countedWith() {
        return visit == null ? connectionId : visit;
    }

    /**
     * Returns how long ago the connection was accepted.
     *
     * @param now the current time
     * @return its age; may be negative because clocks differ
     */
    public Duration age(Instant now) {
        return Duration.between(connectedAt, now);
    }
}
