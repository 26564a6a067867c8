package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

import java.util.Map;

/** Uses the AWS SDK exactly as it would on AWS: clients without any setting. */
public class SdkHandler implements RequestHandler<Map<String, String>, String> {

    private final LambdaClient lambda = LambdaClient.create();
    private final DynamoDbClient dynamoDb = DynamoDbClient.create();
    private final ApiGatewayManagementApiClient management = ApiGatewayManagementApiClient.create();

    @Override
    public String handleRequest(Map<String, String> event, Context context) {
        return switch (event.get("call")) {
            case "lambda" ->
                lambda.invoke(request ->
                                request.functionName("echo").payload(SdkBytes.fromUtf8String("\"from a function\"")))
                        .payload()
                        .asUtf8String();
            case "dynamodb" -> String.join(",", dynamoDb.listTables().tableNames());
            case "management" ->
                management
                        .postToConnection(request ->
                                request.connectionId("L0SM9cOFvHcCIhw=").data(SdkBytes.fromUtf8String("hello")))
                        .sdkHttpResponse()
                        .statusText()
                        .orElse("posted");
            default -> throw new IllegalArgumentException(event.toString());
        };
    }
}
