package io.github.visitorcounter.embeddedstack.chat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.Map;

/**
 * A chat that could be deployed to AWS: it reads the names of its tables from its environment and does not depend on
 * the embedded stack.
 */
public final class Chat {

    private static final String MEMBERS = System.getenv("MEMBERS_TABLE");
    private static final String SAYINGS = System.getenv("SAYINGS_TABLE");
    private static final DynamoDbClient DYNAMO_DB = DynamoDbClient.create();

    private Chat() {}

    /** {@code $connect}: adds the member. */
    public static final class Join
            implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {
        @Override
        public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
            if (event.getQueryStringParameters() != null
                    && event.getQueryStringParameters().containsKey("uninvited")) {
                return response(403);
            }
            DYNAMO_DB.putItem(request -> request.tableName(MEMBERS)
                    .item(key(event.getRequestContext().getConnectionId())));
            return response(200);
        }
    }

    /** {@code $disconnect}: removes the member. */
    public static final class Leave
            implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {
        @Override
        public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
            DYNAMO_DB.deleteItem(request ->
                    request.tableName(MEMBERS).key(key(event.getRequestContext().getConnectionId())));
            return response(200);
        }
    }

    /** The route {@code say}: stores the message. */
    public static final class Say implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {
        @Override
        public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
            DYNAMO_DB.putItem(request -> request.tableName(SAYINGS)
                    .item(Map.of(
                            "id", AttributeValue.fromS(event.getRequestContext().getMessageId()),
                            "text", AttributeValue.fromS(event.getBody()))));
            return response(200);
        }
    }

    /** The stream of messages: sends each to all members. */
    public static final class Tell implements RequestHandler<DynamodbEvent, Void> {

        private final ApiGatewayManagementApiClient connections = ApiGatewayManagementApiClient.create();

        @Override
        public Void handleRequest(DynamodbEvent event, Context context) {
            DYNAMO_DB
                    .scanPaginator(request -> request.tableName(MEMBERS))
                    .items()
                    .forEach(member -> event.getRecords()
                            .forEach(record -> connections.postToConnection(request -> request.connectionId(
                                            member.get("id").s())
                                    .data(SdkBytes.fromUtf8String(record.getDynamodb()
                                            .getNewImage()
                                            .get("text")
                                            .getS())))));
            return null;
        }
    }

    private static Map<String, AttributeValue> key(String connectionId) {
        return Map.of("id", AttributeValue.fromS(connectionId));
    }

    private static APIGatewayV2WebSocketResponse response(int statusCode) {
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(statusCode);
        return response;
    }
}
