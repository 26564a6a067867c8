package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** A {@link RequestHandler} behind Lambda's own serializer, which treats AWS's event classes in its own way. */
final class JsonHandler implements RequestStreamHandler {

    private final RequestHandler<Object, Object> handler;
    private final @Nullable PojoSerializer<Object> input;
    private final @Nullable PojoSerializer<Object> output;

    @SuppressWarnings("unchecked") // The serializers below make exactly the types that the handler declares.
    JsonHandler(RequestHandler<?, ?> handler) {
        this.handler = (RequestHandler<Object, Object>) handler;
        HandlerTypes types = HandlerTypes.of(handler.getClass());
        this.input = serializer(types.input(), handler.getClass().getClassLoader());
        this.output = serializer(types.output(), handler.getClass().getClassLoader());
    }

    @Override
    @SuppressWarnings("NullAway") // A Void handler is called with null and may answer null, as on Lambda.
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        Object result = handler.handleRequest(input == null ? null : input.fromJson(event), context);
        if (output == null) {
            answer.write("null".getBytes(StandardCharsets.UTF_8));
        } else {
            output.toJson(result, answer);
        }
    }

    @SuppressWarnings("unchecked")
    private static @Nullable PojoSerializer<Object> serializer(Type type, ClassLoader classLoader) {
        if (type == Void.class) {
            return null;
        }
        if (type instanceof Class<?> eventClass
                && LambdaEventSerializers.isLambdaSupportedEvent(eventClass.getName())) {
            return LambdaEventSerializers.serializerFor((Class<Object>) eventClass, classLoader);
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }
}
