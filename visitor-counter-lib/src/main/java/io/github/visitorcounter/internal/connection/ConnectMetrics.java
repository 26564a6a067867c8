package io.github.visitorcounter.internal.connection;

/** Counts rejected connections. Thread-safe. */
@FunctionalInterface
public interface ConnectMetrics {

    /** Counts nothing. */
    ConnectMetrics NONE = reason -> {};

    /**
     * Counts a rejected connection.
     *
     * @param reason why it was rejected
     */
    void rejected(RejectionReason reason);
}
