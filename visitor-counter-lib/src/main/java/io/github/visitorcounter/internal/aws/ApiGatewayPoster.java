package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Posts through API Gateway's {@code @connections} API. Thread-safe. */
public final class ApiGatewayPoster implements Poster {

    private static final int GONE = 410;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_REQUEST = 400;
    private static final int FIRST_SERVER_ERROR = 500;

    private record Encoded(String message, SdkBytes bytes) {}

    private final ApiGatewayManagementApiAsyncClient client;
    private volatile @Nullable Encoded encoded;

    /**
     * Creates a poster.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#connections} makes it
     */
    public ApiGatewayPoster(ApiGatewayManagementApiAsyncClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<PostOutcome> post(String connectionId, String message) {
        return client.postToConnection(
                        request -> request.connectionId(connectionId).data(encoded(message)))
                .handle((response, failure) -> outcome(failure));
    }

    /** A pass posts one message to everyone: it is encoded once. */
    private SdkBytes encoded(String message) {
        Encoded last = encoded;
        if (last == null || !last.message().equals(message)) {
            last = new Encoded(message, SdkBytes.fromUtf8String(message));
            encoded = last;
        }
        return last.bytes();
    }

    static PostOutcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return PostOutcome.DELIVERED;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof SdkServiceException answer ? outcome(answer) : PostOutcome.UNAVAILABLE;
    }

    /** By status, not by exception class: API Gateway also answers 410 without naming the error, and the class is generic then. */
    private static PostOutcome outcome(SdkServiceException answer) {
        int status = answer.statusCode();
        if (status == GONE || (status == BAD_REQUEST && isInvalidConnectionId(answer))) {
            return PostOutcome.GONE;
        }
        if (status == TOO_MANY_REQUESTS) {
            return PostOutcome.THROTTLED;
        }
        return status >= FIRST_SERVER_ERROR ? PostOutcome.UNAVAILABLE : PostOutcome.REJECTED;
    }

    private static boolean isInvalidConnectionId(SdkServiceException answer) {
        String message = answer.getMessage();
        return message != null && message.contains("connectionId");
    }
}
