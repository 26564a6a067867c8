package io.github.visitorcounter.benchmark.naive;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The broadcast, without lease and message budget: reads the count and the connections, and posts with the SDK's
 * asynchronous client.
 */
public final class NaiveBroadcastHandler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {

    private final DynamoDbClient dynamoDb = DynamoDbClient.create();
    private final ApiGatewayManagementApiAsyncClient connections = ApiGatewayManagementApiAsyncClient.builder()
            .endpointOverride(URI.create(System.getenv("CALLBACK_URL")))
            .build();

    @Override
    public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
        String counterId = event.getRecords()
                .get(0)
                .getDynamodb()
                .getKeys()
                .get("counterId")
                .getS();
        Map<String, AttributeValue> count = dynamoDb.getItem(request -> request.tableName("VisitorCount")
                        .key(Map.of("counterId", AttributeValue.fromS(counterId)))
                        .consistentRead(true))
                .item();
        SdkBytes message = SdkBytes.fromUtf8String("{\"type\":\"visitor-count\",\"counter\":\"" + counterId
                + "\",\"live\":" + count.get("live").n() + ",\"total\":"
                + count.get("total").n() + ",\"version\":"
                + count.get("version").n() + "}");
        CompletableFuture<?>[] posts =
                dynamoDb
                        .scanPaginator(
                                request -> request.tableName("ConnectionIDs").consistentRead(true))
                        .items()
                        .stream()
                        .map(row -> connections.postToConnection(post ->
                                post.connectionId(row.get("connectionId").s()).data(message)))
                        .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(posts).join();
        return new StreamsEventResponse(List.of());
    }
}
