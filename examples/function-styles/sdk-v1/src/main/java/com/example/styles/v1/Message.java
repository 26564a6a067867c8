package com.example.styles.v1;

import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.apigatewaymanagementapi.AmazonApiGatewayManagementApi;
import com.amazonaws.services.apigatewaymanagementapi.AmazonApiGatewayManagementApiClientBuilder;
import com.amazonaws.services.apigatewaymanagementapi.model.PostToConnectionRequest;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers with the AWS SDK for Java 1, at the event's endpoint as in AWS's documentation. */
public class Message implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        String endpoint = "https://" + event.getRequestContext().getDomainName() + "/"
                + event.getRequestContext().getStage();
        AmazonApiGatewayManagementApi connections = AmazonApiGatewayManagementApiClientBuilder.standard()
                .withEndpointConfiguration(new EndpointConfiguration(endpoint, System.getenv("AWS_REGION")))
                .build();
        connections.postToConnection(new PostToConnectionRequest()
                .withConnectionId(event.getRequestContext().getConnectionId())
                .withData(ByteBuffer.wrap(("sdk-v1: " + event.getBody()).getBytes(StandardCharsets.UTF_8))));
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(200);
        return response;
    }
}
