package io.github.visitorcounter.aws;

import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

import java.io.IOException;

/** Which failures of AWS calls pass by themselves. */
final class AwsFailures {

    private static final int FIRST_SERVER_ERROR = 500;

    private AwsFailures() {}

    /** Throttling, server errors, timeouts, broken connections, and transactions in the way: the call may be repeated. */
    static boolean isTransient(RuntimeException failure) {
        // The SDK takes a transaction that is still in progress for throttling, but not a conflict with one.
        if (failure instanceof TransactionConflictException) {
            return true;
        }
        if (failure instanceof SdkServiceException service) {
            return service.isThrottlingException() || service.statusCode() >= FIRST_SERVER_ERROR;
        }
        return failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException
                || (failure instanceof SdkClientException && failure.getCause() instanceof IOException);
    }

    /**
     * Whether a failed call may have been carried out, or may still be: it was not answered, or not to the end. A call that was
     * throttled was not.
     */
    static boolean mayHaveBeenCarriedOut(RuntimeException failure) {
        if (failure instanceof TransactionInProgressException) {
            return true;
        }
        return !(failure instanceof SdkServiceException service)
                || (service.statusCode() >= FIRST_SERVER_ERROR && !service.isThrottlingException());
    }
}
