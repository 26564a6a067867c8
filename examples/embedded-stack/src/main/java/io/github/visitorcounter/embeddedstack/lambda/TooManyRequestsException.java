package io.github.visitorcounter.embeddedstack.lambda;

/**
 * Thrown if Lambda throttles an invocation: the function did not run.
 *
 * @since 0.1.0
 */
public final class TooManyRequestsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * Creates one.
     *
     * @param reason why it was throttled
     * @param message AWS's error message
     */
    public TooManyRequestsException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why it was throttled, as in AWS's {@code ThrottleReason}. */
    public Reason reason() {
        return reason;
    }

    /** Why an invocation is throttled; the names are those on the wire. */
    public enum Reason {
        /** The function's reserved concurrency is used up. */
        ReservedFunctionConcurrentInvocationLimitExceeded,
        /**
         * The account's concurrency is used up. Here: the fault {@code lambdaThrottleRatio}, or too many queued
         * invocations.
         */
        ConcurrentInvocationLimitExceeded,
        /** The caller sends more than Lambda accepts. Here: the queue of asynchronous events is full. */
        CallerRateLimitExceeded
    }
}
