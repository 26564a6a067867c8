package io.github.visitorcounter.internal.broadcast.delivery;

/** Tells an operator why calls failed that an invocation goes on without. Thread-safe. */
@FunctionalInterface
public interface FailureLog {

    /** For work that nobody watches. */
    FailureLog NONE = failure -> {};

    /**
     * Adds a call that was given up. An invocation may have thousands, and most of them for the same reason: only the first of
     * each kind is written.
     *
     * @param failure why it failed
     */
    void add(FailedCall failure);
}
