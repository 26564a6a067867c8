package io.github.visitorcounter.internal.connection;

/**
 * The rejection of a connect.
 *
 * @param statusCode the answer to the handshake
 * @param reason the reason in metrics and logs
 * @param message the detail in the log, without personal data
 */
public record Rejection(int statusCode, RejectionReason reason, String message) {}
