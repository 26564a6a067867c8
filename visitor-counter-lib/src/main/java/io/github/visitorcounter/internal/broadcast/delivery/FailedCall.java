package io.github.visitorcounter.internal.broadcast.delivery;

/**
 * A failed call to AWS, for the log. Contains no personal data and no connection ids.
 *
 * @param operation AWS's name of the operation, such as {@code PostToConnection}
 * @param status the HTTP status of the answer; 0 without an answer
 * @param errorType AWS's name of the error; without an answer, the class name of the exception
 * @param errorMessage the error message of AWS or of the exception
 * @param check what an operator should check
 */
public record FailedCall(String operation, int status, String errorType, String errorMessage, String check) {

    /** Returns a key that is equal for failures of the same operation with the same status or error type. */
    public String kind() {
        return operation + " " + (status == 0 ? errorType : status);
    }

    /**
     * Describes a call that threw an exception its adapter does not handle.
     *
     * @param operation the operation
     * @param failure the exception
     * @return the failed call
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
