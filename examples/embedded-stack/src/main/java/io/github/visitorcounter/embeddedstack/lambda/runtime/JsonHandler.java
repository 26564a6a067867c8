package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A {@link RequestHandler} behind Lambda's own serializer. */
final class JsonHandler implements RequestStreamHandler {

    private final RequestHandler<Object, Object> handler;
    private final Serializer input;
    private final Serializer output;

    @SuppressWarnings("unchecked") // The serializers below create exactly the types that the handler declares.
    JsonHandler(RequestHandler<?, ?> handler) {
        this.handler = (RequestHandler<Object, Object>) handler;
        HandlerTypes types = HandlerTypes.of(handler.getClass());
        this.input = Serializer.of(types.input(), handler.getClass().getClassLoader());
        this.output = Serializer.of(types.output(), handler.getClass().getClassLoader());
    }

    @Override
    @SuppressWarnings("NullAway") // A Void handler is called with null and may return null, as on Lambda.
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        output.write(handler.handleRequest(input.read(event), context), answer);
    }
}
