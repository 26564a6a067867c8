package com.example.styles.v2;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.net.URI;

/** Answers with the asynchronous client, which is Netty's. */
public class Message implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        String endpoint = "https://" + event.getRequestContext().getDomainName() + "/"
                + event.getRequestContext().getStage();
        try (ApiGatewayManagementApiAsyncClient connections = ApiGatewayManagementApiAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .build()) {
            connections
                    .postToConnection(request -> request.connectionId(
                                    event.getRequestContext().getConnectionId())
                            .data(SdkBytes.fromUtf8String("sdk-v2-old: " + event.getBody())))
                    .join();
        }
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(200);
        return response;
    }
}
