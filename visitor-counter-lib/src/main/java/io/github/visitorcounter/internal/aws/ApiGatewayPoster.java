package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.util.concurrent.CompletionStage;

/** Posts through API Gateway's {@code @connections} API. Thread-safe. */
public final class ApiGatewayPoster implements Poster {

    private record Encoded(String message, SdkBytes bytes) {}

    private final ApiGatewayManagementApiAsyncClient client;
    private volatile @Nullable Encoded encoded;

    /**
     * Creates a poster.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#connections}
     */
    public ApiGatewayPoster(ApiGatewayManagementApiAsyncClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<PostOutcome> post(String connectionId, String message) {
        return client.postToConnection(
                        request -> request.connectionId(connectionId).data(encoded(message)))
                .handle((response, failure) ->
                        ConnectionsApiFailures.outcome(PostOutcome.OPERATION, connectionId, failure));
    }

    /** Encodes a message once: a pass posts the same message to all connections. */
    private SdkBytes encoded(String message) {
        Encoded last = encoded;
        if (last == null || !last.message().equals(message)) {
            last = new Encoded(message, SdkBytes.fromUtf8String(message));
            encoded = last;
        }
        return last.bytes();
    }
}
