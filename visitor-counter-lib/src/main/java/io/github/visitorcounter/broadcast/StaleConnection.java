package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.connection.Connection;

import java.time.Duration;

/**
 * A connection that answered 410 more than once although its handshake must have finished. Immutable.
 *
 * @param connection the connection; its {@link Connection#visit()} may be null although the page sent one, and its
 *     {@link Connection#counterId()} may be the site counter although it has another one
 * @param age the time since API Gateway accepted the connection
 * @since 0.1.0
 */
public record StaleConnection(Connection connection, Duration age) {}
