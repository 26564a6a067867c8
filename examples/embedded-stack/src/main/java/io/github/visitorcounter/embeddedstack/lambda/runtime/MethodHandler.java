package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A handler method of a class that need not implement Lambda's interfaces: public, static or not, inherited, or the
 * default method of an interface. Its parameters are, each of them optional and in this order, an {@code InputStream}
 * or an object that is deserialised from the event, an {@code OutputStream}, and the {@code Context}.
 *
 * <p>Of several methods with the same name, Lambda selects the one with the most parameters; if two have the same
 * number, the one whose last parameter is the {@code Context}; never a bridge method of the compiler; see <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html">Define Lambda function handler in Java</a>. If
 * this is ambiguous, the behaviour is undefined, as on AWS.
 */
final class MethodHandler implements RequestStreamHandler {

    private final Selected selected;
    private final @Nullable Object target;

    MethodHandler(Selected selected, @Nullable Object target) {
        this.selected = selected;
        this.target = target;
    }

    /**
     * A method, and how to call it.
     *
     * @param method the method
     * @param event reads the event, or null if the method does not take one
     * @param result writes what the method returns, or null if it returns nothing
     */
    record Selected(
            Method method,
            @Nullable Serializer event,
            @Nullable Serializer result) {}

    static Selected select(Class<?> handlerClass, String name) throws NoSuchMethodException {
        List<Method> methods = Arrays.stream(handlerClass.getMethods())
                .filter(method -> method.getName().equals(name))
                .sorted(Comparator.comparing(Method::isBridge)
                        .thenComparing(MethodHandler::weight, Comparator.reverseOrder()))
                .toList();
        if (methods.isEmpty()) {
            throw new NoSuchMethodException("No public method named " + name
                    + " with appropriate method signature found on class " + handlerClass.getName());
        }
        Method method = methods.get(0);
        checkParameters(method);
        Class<?>[] types = method.getParameterTypes();
        boolean takesEvent = types.length > 0
                && types[0] != InputStream.class
                && types[0] != OutputStream.class
                && types[0] != Context.class;
        ClassLoader loader = handlerClass.getClassLoader();
        return new Selected(
                method,
                takesEvent ? Serializer.of(method.getGenericParameterTypes()[0], loader) : null,
                method.getReturnType() == void.class ? null : Serializer.of(method.getGenericReturnType(), loader));
    }

    /** The weight in Lambda's runtime: a last parameter of the type Context counts as two. */
    private static int weight(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length + (types.length > 0 && types[types.length - 1] == Context.class ? 1 : 0);
    }

    private static void checkParameters(Method method) {
        Class<?>[] types = method.getParameterTypes();
        int next = types.length > 0 && types[0] != OutputStream.class && types[0] != Context.class ? 1 : 0;
        if (next < types.length && types[next] == OutputStream.class) {
            next++;
        }
        if (next < types.length && types[next] == Context.class) {
            next++;
        }
        if (next < types.length) {
            throw new IllegalArgumentException(
                    "Method " + method + " can't be a handler: its parameters must be, each optional"
                            + " and in this order, InputStream or a type of your own for the event, OutputStream, and Context");
        }
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        Class<?>[] types = selected.method().getParameterTypes();
        @Nullable Object[] arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(types[i], event, answer, context);
        }
        Object result = call(arguments);
        if (selected.result() != null) {
            selected.result().write(result, answer);
        }
    }

    private @Nullable Object argument(Class<?> type, InputStream event, OutputStream answer, Context context) {
        if (type == Context.class) {
            return context;
        }
        if (type == InputStream.class) {
            return event;
        }
        if (type == OutputStream.class) {
            return answer;
        }
        return selected.event() == null ? null : selected.event().read(event);
    }

    private @Nullable Object call(@Nullable Object[] arguments) throws IOException {
        try {
            return selected.method().invoke(target, arguments);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("Method " + selected.method() + " is not accessible", e);
        } catch (InvocationTargetException e) {
            throw MethodHandler.<RuntimeException>unchecked(e.getCause() == null ? e : e.getCause());
        }
    }

    /** A handler may throw any exception, which Lambda reports unchanged. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // For the compiler only; nothing is cast.
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
