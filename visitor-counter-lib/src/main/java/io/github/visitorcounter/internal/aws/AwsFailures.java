package io.github.visitorcounter.internal.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

import java.io.IOException;

/** Which failures of AWS calls may be gone when the call is repeated. */
public final class AwsFailures {

    private static final int FORBIDDEN = 403;
    private static final int FIRST_SERVER_ERROR = 500;

    private AwsFailures() {}

    /** The role does not allow the call, or does not allow it yet: IAM takes some seconds to know a new role. */
    public static boolean isDenied(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException service
                    && (service.statusCode() == FORBIDDEN || "AccessDeniedException".equals(code(service)))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String code(AwsServiceException failure) {
        return failure.awsErrorDetails() == null
                ? null
                : failure.awsErrorDetails().errorCode();
    }

    /** Throttling, server errors, timeouts, broken connections, and transactions in the way: the call may be repeated. */
    public static boolean isTransient(RuntimeException failure) {
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
    public static boolean mayHaveBeenCarriedOut(RuntimeException failure) {
        if (failure instanceof TransactionInProgressException) {
            return true;
        }
        return !(failure instanceof SdkServiceException service)
                || (service.statusCode() >= FIRST_SERVER_ERROR && !service.isThrottlingException());
    }
}
