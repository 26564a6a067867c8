package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** Lambda's own serializer for a type, with its special rules for AWS's event classes. A {@code Void} is null. */
final class Serializer {

    private final @Nullable PojoSerializer<Object> serializer;

    private Serializer(@Nullable PojoSerializer<Object> serializer) {
        this.serializer = serializer;
    }

    @SuppressWarnings("unchecked") // It creates exactly the type that the handler declares.
    static Serializer of(Type type, ClassLoader classLoader) {
        if (type == Void.class) {
            return new Serializer(null);
        }
        if (type instanceof Class<?> eventClass
                && LambdaEventSerializers.isLambdaSupportedEvent(eventClass.getName())) {
            return new Serializer(LambdaEventSerializers.serializerFor((Class<Object>) eventClass, classLoader));
        }
        return new Serializer(JacksonFactory.getInstance().getSerializer(type));
    }

    @Nullable
    Object read(InputStream event) {
        return serializer == null ? null : serializer.fromJson(event);
    }

    @SuppressWarnings("NullAway") // A handler may return null.
    void write(@Nullable Object result, OutputStream answer) throws IOException {
        if (serializer == null) {
            answer.write("null".getBytes(StandardCharsets.UTF_8));
        } else {
            serializer.toJson(result, answer);
        }
    }
}
