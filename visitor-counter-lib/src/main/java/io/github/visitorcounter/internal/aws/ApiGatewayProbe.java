package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.util.concurrent.CompletionStage;

/** Probes connections through API Gateway's {@code @connections} API. Thread-safe. */
public final class ApiGatewayProbe implements ConnectionProbe {

    private final ApiGatewayManagementApiAsyncClient client;

    /**
     * Creates a probe.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#connections}
     */
    public ApiGatewayProbe(ApiGatewayManagementApiAsyncClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<Answer> ask(String connectionId) {
        return client.getConnection(request -> request.connectionId(connectionId))
                .handle((response, failure) ->
                        answer(ConnectionsApiFailures.outcome("GetConnection", connectionId, failure)));
    }

    private static Answer answer(PostOutcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED -> Answer.OPEN;
            case GONE -> Answer.GONE;
            case THROTTLED, UNAVAILABLE, REJECTED -> new Answer(State.UNKNOWN, outcome.failure());
        };
    }
}
