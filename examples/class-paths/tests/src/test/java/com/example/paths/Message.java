package com.example.paths;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.Map;

/** A function of the project, with the AWS SDK of its class path. It stores its messages. */
public class Message {

    private final DynamoDbClient dynamoDb = DynamoDbClient.create();

    /** Handles a message. */
    public Map<String, Object> handleRequest(Map<String, Object> event) {
        dynamoDb.putItem(put -> put.tableName(System.getenv("TABLE"))
                .item(Map.of(
                        "id",
                        AttributeValue.builder()
                                .s(String.valueOf(event.get("body")))
                                .build())));
        return Map.of("statusCode", 200);
    }
}
