package io.github.visitorcounter.connection;

/**
 * A visitor's disconnect, as the hook of {@link io.github.visitorcounter.DisconnectHandler} sees it. Immutable.
 *
 * @param disconnection what API Gateway's event says
 * @param connection the row that was removed
 * @since 0.1.0
 */
public record Departure(Disconnection disconnection, Connection connection) {}
