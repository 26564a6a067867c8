package io.github.visitorcounter.benchmark.original;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/**
 * {@code $disconnect} of the original design: deletes the connection's id, then invokes the broadcasting function, once
 * for each disconnect.
 *
 * <p>Better than the original, which never counts down: it subtracts one from {@code live}, so that the numbers can be
 * compared. {@link OriginalStack} filters out the stream record of that change, which would cause a second broadcast.
 * The invocation is asynchronous, so that the handler does not wait for the broadcast.
 */
public final class OriginalDisconnectHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final OriginalTables tables = OriginalTables.ofEnvironment();
    private final LambdaClient lambda = LambdaClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        tables.deleteConnection(event.getRequestContext().getConnectionId());
        tables.count(0, -1);
        lambda.invoke(request -> request.functionName(OriginalStack.BROADCAST).invocationType(InvocationType.EVENT));
        return Answers.ok();
    }
}
