package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkServiceException;

import java.util.concurrent.CompletionException;

/** Classifies failures of API Gateway's {@code @connections} API. All operations of the API fail in the same ways. */
final class ConnectionsApiFailures {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_ERROR = 500;

    private static final String URL = Setting.CALLBACK_URL.variable();

    private ConnectionsApiFailures() {}

    static PostOutcome outcome(String operation, String connectionId, @Nullable Throwable failure) {
        if (failure == null) {
            return PostOutcome.DELIVERED;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof SdkServiceException answer) {
            Kind kind = kind(answer);
            return kind == Kind.GONE
                    ? PostOutcome.GONE
                    : new PostOutcome(
                            kind, AwsFailures.describe(operation, answer, connectionId, check(answer.statusCode())));
        }
        return new PostOutcome(
                Kind.UNAVAILABLE, AwsFailures.describe(operation, cause, connectionId, checkWithoutAnswer(cause)));
    }

    /**
     * Uses the status rather than the exception class: API Gateway may answer 410 without an error code, and the SDK
     * then throws a generic exception.
     */
    private static Kind kind(SdkServiceException answer) {
        int status = answer.statusCode();
        if (status == GONE || (status == BAD_REQUEST && isInvalidConnectionId(answer))) {
            return Kind.GONE;
        }
        if (status == TOO_MANY_REQUESTS) {
            return Kind.THROTTLED;
        }
        return status >= FIRST_SERVER_ERROR ? Kind.UNAVAILABLE : Kind.REJECTED;
    }

    private static boolean isInvalidConnectionId(SdkServiceException answer) {
        String message = answer.getMessage();
        return message != null && message.contains("connectionId");
    }

    private static String check(int status) {
        return switch (status) {
            case FORBIDDEN ->
                "that the function's role allows execute-api:ManageConnections on this API and stage, and that " + URL
                        + " names the same API and stage";
            case NOT_FOUND -> "that " + URL + " names the host and the stage of the WebSocket API";
            case TOO_LARGE -> "the message format: a message has at most 128 KB";
            case TOO_MANY_REQUESTS ->
                "the account's API Gateway quota of requests per second, against the budgets of all counters ("
                        + Setting.BROADCAST_MESSAGES_PER_SECOND
                        + "). If it is one connection only, its client reads too slowly";
            default ->
                status >= FIRST_SERVER_ERROR
                        ? "whether it recurs: API Gateway failed, and the post is retried"
                        : "the error's message, and " + URL;
        };
    }

    private static String checkWithoutAnswer(Throwable failure) {
        return AwsFailures.isTimeout(failure)
                ? "whether it recurs: one client may be slow. Otherwise the network, and " + Setting.POST_TIMEOUT
                : "that the host of " + URL + " exists and can be reached: a function in a VPC needs a route to it";
    }
}
