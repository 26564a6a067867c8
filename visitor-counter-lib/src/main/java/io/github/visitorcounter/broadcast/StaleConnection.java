package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.connection.Connection;

import java.time.Duration;

/**
 * A connection that answered 410 although its handshake must have finished by now.
 *
 * @param connection the connection
 * @param age how long ago it was accepted
 * @since 0.1.0
 */
public record StaleConnection(Connection connection, Duration age) {}
