package com.example.styles.plain;

import com.amazonaws.services.lambda.runtime.Context;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.URI;
import java.util.Map;

/** A class without Lambda's interfaces: its methods are the handlers. As on AWS, the clients have no settings. */
public class Members {

    private static final DynamoDbClient DYNAMO_DB = DynamoDbClient.create();

    public static Map<String, Object> connect(Map<String, Object> event, Context context) {
        System.out.println("connect " + context.getAwsRequestId());
        DYNAMO_DB.putItem(request -> request.tableName(System.getenv("TABLE"))
                .item(Map.of(
                        "id",
                        AttributeValue.builder().s(text(event, "connectionId")).build())));
        return Map.of("statusCode", 200);
    }

    public Map<String, Object> message(Map<String, Object> event) {
        String endpoint = "https://" + text(event, "domainName") + "/" + text(event, "stage");
        try (ApiGatewayManagementApiClient connections = ApiGatewayManagementApiClient.builder()
                .endpointOverride(URI.create(endpoint))
                .build()) {
            connections.postToConnection(request -> request.connectionId(text(event, "connectionId"))
                    .data(SdkBytes.fromUtf8String("plain: " + event.get("body"))));
        }
        return Map.of("statusCode", 200);
    }

    private static String text(Map<String, Object> event, String field) {
        return String.valueOf(((Map<?, ?>) event.get("requestContext")).get(field));
    }
}
