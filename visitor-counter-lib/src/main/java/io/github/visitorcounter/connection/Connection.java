package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An open connection: a row of the table of connections. It is counted, unless it only watches. Immutable.
 *
 * @param connectionId API Gateway's id of the connection
 * @param counterId its counter: it receives the counter's messages and is counted in it
 * @param connectedAt when API Gateway accepted it, by its clock
 * @param expiresAt when it can no longer be open. Readers ignore the row from then on; DynamoDB's time to live removes
 *     it later, usually within days
 * @param visit the id of the visit or, if visitors are counted, of the visitor that it belongs to; null if the page
 *     gave none, or if it is not known here
 * @param siteCounter the {@linkplain io.github.visitorcounter.Setting#SITE_COUNTER site counter} that it is counted in
 *     as well; null if there was none when it was opened, if it is {@code counterId} itself, if the connection only
 *     watches, or if it is not known here
 * @param onlyWatches whether it receives messages without being counted in any counter
 * @since 0.1.0
 */
public record Connection(
        String connectionId,
        String counterId,
        Instant connectedAt,
        Instant expiresAt,
        @Nullable String visit,
        @Nullable String siteCounter,
        boolean onlyWatches) {

    /**
     * Creates a connection; one that only watches, or whose counter is the site counter, has no {@code siteCounter}.
     *
     * @param connectionId API Gateway's id of the connection
     * @param counterId its counter
     * @param connectedAt when API Gateway accepted it
     * @param expiresAt when it can no longer be open
     * @param visit the visit or visitor that it belongs to, or null
     * @param siteCounter the site counter that it is counted in as well, or null
     * @param onlyWatches whether it is not counted
     */
    public Connection {
        if (onlyWatches || counterId.equals(siteCounter)) {
            siteCounter = null;
        }
    }

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
     * @param counterId its counter
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
     * @param counterId its counter
     * @param connectedAt when API Gateway accepted it
     * @param visit the visit or visitor that it belongs to, or null
     * @return the connection, expiring after {@link #LIFETIME}
     */
    public static Connection opened(
            String connectionId, String counterId, Instant connectedAt, @Nullable String visit) {
        return new Connection(connectionId, counterId, connectedAt, connectedAt.plus(LIFETIME), visit, null, false);
    }

    /**
     * Returns this connection, counted in a site counter as well.
     *
     * @param counterId the site counter, or null for none
     * @return the connection; without a site counter if it only watches, or if its counter is the site counter
     */
    public Connection withSiteCounter(@Nullable String counterId) {
        return new Connection(connectionId, this.counterId, connectedAt, expiresAt, visit, counterId, onlyWatches);
    }

    /**
     * Returns this connection as one that only watches.
     *
     * @return the connection, which is counted in no counter
     */
    public Connection watching() {
        return new Connection(connectionId, counterId, connectedAt, expiresAt, visit, null, true);
    }

    /**
     * Returns the counters that the connection is counted in.
     *
     * @return its counter, followed by the site counter if there is one; empty if it only watches
     */
    public List<String> countedIn() {
        if (onlyWatches) {
            return List.of();
        }
        return siteCounter == null ? List.of(counterId) : List.of(counterId, siteCounter);
    }

    /**
     * Returns the id of the visit that the connection is counted with. A connection without a visit is a visit of its
     * own, so that every connect and disconnect changes a visit row, which shows whether the connection was counted
     * before.
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
