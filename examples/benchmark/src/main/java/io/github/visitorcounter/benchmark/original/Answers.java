package io.github.visitorcounter.benchmark.original;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;

/** The handlers' responses to the gateway. */
final class Answers {

    private Answers() {}

    static APIGatewayV2WebSocketResponse ok() {
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(200);
        return response;
    }
}
