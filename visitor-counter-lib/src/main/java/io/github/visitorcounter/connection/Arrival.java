package io.github.visitorcounter.connection;

/**
 * A visitor arrives.
 *
 * @param request what API Gateway's event says
 * @param connection what is, or will be, kept of it
 * @since 0.1.0
 */
public record Arrival(ConnectRequest request, Connection connection) {}
