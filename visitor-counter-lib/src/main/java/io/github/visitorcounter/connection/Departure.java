package io.github.visitorcounter.connection;

/**
 * A visitor departs.
 *
 * @param disconnection what API Gateway's event says
 * @param connection what was kept of the connection
 * @since 0.1.0
 */
public record Departure(Disconnection disconnection, Connection connection) {}
