package io.github.visitorcounter.connection;

/**
 * A visitor's disconnect, as the hook of {@link io.github.visitorcounter.DisconnectHandler} sees it. Immutable.
 *
 * @param disconnection the data of API Gateway's event
 * @param connection the row that was removed
 * @since 0.1.0
 */
public record Departure(Disconnection disconnection, Connection connection) {}
