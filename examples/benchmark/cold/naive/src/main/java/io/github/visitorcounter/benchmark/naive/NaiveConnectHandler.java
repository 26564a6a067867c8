package io.github.visitorcounter.benchmark.naive;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.util.Map;

/** {@code $connect}: the library's transaction, with an SDK client that has default settings. */
public final class NaiveConnectHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final int ONE_VISIT_SECONDS = 7_800;
    private static final int MILLIS_PER_SECOND = 1_000;

    private final DynamoDbClient dynamoDb = DynamoDbClient.create();

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        String connectionId = event.getRequestContext().getConnectionId();
        long connectedAt = event.getRequestContext().getConnectedAt();
        dynamoDb.transactWriteItems(
                request -> request.transactItems(row(connectionId, connectedAt), counter(connectionId, connectedAt)));
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(200);
        return response;
    }

    private static TransactWriteItem row(String connectionId, long connectedAt) {
        long expiresAt = connectedAt / MILLIS_PER_SECOND + ONE_VISIT_SECONDS;
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName("ConnectionIDs")
                        .item(Map.of(
                                "connectionId", AttributeValue.fromS(connectionId),
                                "counterId", AttributeValue.fromS("site"),
                                "connectedAt", number(connectedAt),
                                "expiresAt", number(expiresAt)))
                        .conditionExpression("attribute_not_exists(connectionId)")
                        .build())
                .build();
    }

    private static TransactWriteItem counter(String connectionId, long connectedAt) {
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName("VisitorCount")
                        .key(Map.of("counterId", AttributeValue.fromS("site")))
                        .updateExpression("SET lastChange = :change, lastConnectionId = :connectionId, updatedAt = :at"
                                + " ADD #total :one, live :one, version :one")
                        .expressionAttributeNames(Map.of("#total", "total"))
                        .expressionAttributeValues(Map.of(
                                ":change", AttributeValue.fromS("CONNECT"),
                                ":connectionId", AttributeValue.fromS(connectionId),
                                ":at", number(connectedAt),
                                ":one", number(1)))
                        .build())
                .build();
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
