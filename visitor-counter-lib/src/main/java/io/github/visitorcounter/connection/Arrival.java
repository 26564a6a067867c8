package io.github.visitorcounter.connection;

/**
 * A visitor's connect, as the hooks of {@link io.github.visitorcounter.ConnectHandler} see it. Immutable.
 *
 * @param request the data of API Gateway's event
 * @param connection the row that is written if the connection is accepted; its counter and visit take precedence over
 *     those of the request, and {@link Connection#onlyWatches()} says whether it is counted
 * @since 0.1.0
 */
public record Arrival(ConnectRequest request, Connection connection) {}
