package io.github.visitorcounter.benchmark.original;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;

/**
 * {@code $connect} of the original design: writes the connection's id, then adds one to the counter, in two independent
 * calls. A retry counts twice.
 *
 * <p>Better than the original: see {@link OriginalTables#count}.
 */
public final class OriginalConnectHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final OriginalTables tables = OriginalTables.ofEnvironment();

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        tables.putConnection(event.getRequestContext().getConnectionId());
        tables.count(1, 1);
        return Answers.ok();
    }
}
