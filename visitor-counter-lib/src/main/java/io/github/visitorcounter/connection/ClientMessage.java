package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A page says something: what API Gateway's event of a message says.
 *
 * @param connectionId API Gateway's id of the connection
 * @param connectedAt when the connection was accepted
 * @param receivedAt when API Gateway received the message
 * @param action the text of the field {@code action}; null when the message is not a JSON object with such a text
 * @param body the message as it came, at most 128 KB; nothing in it has been checked
 * @since 0.1.0
 */
public record ClientMessage(
        String connectionId,
        Instant connectedAt,
        Instant receivedAt,
        @Nullable String action,
        String body) {}
