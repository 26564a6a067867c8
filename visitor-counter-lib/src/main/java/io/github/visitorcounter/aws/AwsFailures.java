package io.github.visitorcounter.aws;

import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

import java.io.IOException;

/** Which failures of AWS calls pass by themselves. */
final class AwsFailures {

    private static final int FIRST_SERVER_ERROR = 500;

    private AwsFailures() {}

    /** Throttling, server errors, timeouts, broken connections, and rows in another's transaction: the call may be repeated. */
    static boolean isTransient(RuntimeException failure) {
        if (failure instanceof SdkServiceException service) {
            return service instanceof TransactionConflictException
                    || service.isThrottlingException()
                    || service.statusCode() >= FIRST_SERVER_ERROR;
        }
        return failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException
                || (failure instanceof SdkClientException && failure.getCause() instanceof IOException);
    }
}
