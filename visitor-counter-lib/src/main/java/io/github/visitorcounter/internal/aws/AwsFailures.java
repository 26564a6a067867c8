package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

import java.io.IOException;

/** Classifies failures of AWS calls, for instance as transient, and describes them for the log. */
public final class AwsFailures {

    private static final int FORBIDDEN = 403;
    private static final int FIRST_SERVER_ERROR = 500;

    private AwsFailures() {}

    /**
     * Whether the role does not allow the call, or does not allow it yet: a change of IAM takes effect after some
     * seconds.
     */
    public static boolean isDenied(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException service
                    && (service.statusCode() == FORBIDDEN || "AccessDeniedException".equals(code(service)))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Describes a failed call for the log.
     *
     * @param operation AWS's name of the operation
     * @param failure what the SDK threw
     * @param connectionId an id to remove from the message, because the log must not contain it; empty if there is none
     * @param check what an operator should check
     */
    static FailedCall describe(String operation, Throwable failure, String connectionId, String check) {
        String code = failure instanceof AwsServiceException service ? code(service) : null;
        return new FailedCall(
                operation,
                failure instanceof SdkServiceException answer ? answer.statusCode() : 0,
                code == null ? failure.getClass().getSimpleName() : code,
                without(connectionId, String.valueOf(failure.getMessage())),
                check);
    }

    /** Also removes the URL-encoded id: API Gateway's ids end with {@code =}, which is {@code %3D} in a URL. */
    private static String without(String connectionId, String message) {
        return connectionId.isEmpty()
                ? message
                : message.replace(connectionId, "{connectionId}")
                        .replace(connectionId.replace("=", "%3D"), "{connectionId}");
    }

    static boolean isTimeout(Throwable failure) {
        return failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException;
    }

    private static @Nullable String code(AwsServiceException failure) {
        return failure.awsErrorDetails() == null
                ? null
                : failure.awsErrorDetails().errorCode();
    }

    /**
     * Whether the call may be retried: after throttling, a server error, a timeout, a broken connection or a conflict
     * of transactions.
     */
    public static boolean isTransient(RuntimeException failure) {
        // The SDK classifies TransactionInProgressException as throttling, but not TransactionConflictException.
        if (failure instanceof TransactionConflictException) {
            return true;
        }
        if (failure instanceof SdkServiceException service) {
            return service.isThrottlingException() || service.statusCode() >= FIRST_SERVER_ERROR;
        }
        return isTimeout(failure)
                || (failure instanceof SdkClientException && failure.getCause() instanceof IOException);
    }

    /**
     * Whether a failed call may have been carried out, or may still be, because no complete response was received. A
     * throttled call was not carried out.
     */
    public static boolean mayHaveBeenCarriedOut(RuntimeException failure) {
        if (failure instanceof TransactionInProgressException) {
            return true;
        }
        return !(failure instanceof SdkServiceException service)
                || (service.statusCode() >= FIRST_SERVER_ERROR && !service.isThrottlingException());
    }
}
