package com.example.styles.spring;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.URI;
import java.util.Map;
import java.util.function.Function;

/** Two functions as beans; Lambda's handler is Spring's FunctionInvoker. */
@SpringBootApplication
public class Application {

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @Bean
    DynamoDbClient dynamoDb() {
        return DynamoDbClient.create();
    }

    @Bean
    Function<Map<String, Object>, APIGatewayV2WebSocketResponse> connect(DynamoDbClient dynamoDb) {
        return event -> {
            AttributeValue id =
                    AttributeValue.builder().s(text(event, "connectionId")).build();
            dynamoDb.putItem(
                    request -> request.tableName(System.getenv("TABLE")).item(Map.of("id", id)));
            return ok();
        };
    }

    @Bean
    Function<Map<String, Object>, APIGatewayV2WebSocketResponse> message() {
        return event -> {
            String endpoint = "https://" + text(event, "domainName") + "/" + text(event, "stage");
            try (ApiGatewayManagementApiClient connections = ApiGatewayManagementApiClient.builder()
                    .endpointOverride(URI.create(endpoint))
                    .build()) {
                connections.postToConnection(request -> request.connectionId(text(event, "connectionId"))
                        .data(SdkBytes.fromUtf8String("spring: " + event.get("body"))));
            }
            return ok();
        };
    }

    private static String text(Map<String, Object> event, String field) {
        return String.valueOf(((Map<?, ?>) event.get("requestContext")).get(field));
    }

    private static APIGatewayV2WebSocketResponse ok() {
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(200);
        return response;
    }
}
