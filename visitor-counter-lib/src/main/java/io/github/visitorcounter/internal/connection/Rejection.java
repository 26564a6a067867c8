package io.github.visitorcounter.internal.connection;

/**
 * Why a visitor may not connect.
 *
 * @param statusCode the answer to the handshake
 * @param reason for the metrics
 * @param message for the log: without personal data
 */
public record Rejection(int statusCode, RejectionReason reason, String message) {}
