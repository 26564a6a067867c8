package io.github.visitorcounter.internal.broadcast.delivery;

/**
 * Why a call to AWS failed, for the log: without personal data, and without the ids of connections.
 *
 * @param operation AWS's name of the operation, for instance {@code PostToConnection}
 * @param status the answer's HTTP status; 0 when there was no answer
 * @param errorType AWS's name of the error; without an answer, the exception's
 * @param errorMessage what AWS says
 * @param check what an operator should check
 */
public record FailedCall(String operation, int status, String errorType, String errorMessage, String check) {

    /** Returns what is the same for all failures that have the same cause, as far as their status tells. */
    public String kind() {
        return operation + " " + (status == 0 ? errorType : status);
    }

    /**
     * Describes a call that failed in a way that its adapter does not know.
     *
     * @param operation the operation
     * @param failure what was thrown
     * @return the description
     */
    public static FailedCall unexpected(String operation, Throwable failure) {
        return new FailedCall(
                operation,
                0,
                failure.getClass().getSimpleName(),
                String.valueOf(failure.getMessage()),
                "the error's message");
    }
}
