package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A connection ended: what API Gateway's {@code $disconnect} event says. AWS sends it at its best effort: it may never come.
 *
 * @param connectionId API Gateway's id of the connection
 * @param connectedAt when the connection was accepted
 * @param disconnectedAt when API Gateway noticed its end
 * @param statusCode the WebSocket close code, for instance 1001 for a closed tab, 1005 for a close without a code; null when
 *     API Gateway gave none
 * @param reason API Gateway's or the client's words for it, or null
 * @since 0.1.0
 */
public record Disconnection(
        String connectionId,
        Instant connectedAt,
        Instant disconnectedAt,
        @Nullable Integer statusCode,
        @Nullable String reason) {}
