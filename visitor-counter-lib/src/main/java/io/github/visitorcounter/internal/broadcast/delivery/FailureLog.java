package io.github.visitorcounter.internal.broadcast.delivery;

/** Logs failed calls that do not fail the invocation. Thread-safe. */
@FunctionalInterface
public interface FailureLog {

    /** Discards all failures. */
    FailureLog NONE = failure -> {};

    /**
     * Adds a failed call. Only the first failure of each kind is logged: one invocation may have thousands of the same
     * kind.
     *
     * @param failure the failed call
     */
    void add(FailedCall failure);
}
