package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

/**
 * Creates handlers by name, as Lambda's runtime does, and adapts them to stream handlers.
 *
 * @since 0.1.0
 */
public final class HandlerFactory {

    private static final String HANDLE_REQUEST = "handleRequest";

    private HandlerFactory() {}

    /**
     * Creates a handler. A class that implements {@code RequestStreamHandler} or {@code RequestHandler} is called
     * through it, unless another method is named; in every other class the method is selected as {@link MethodHandler}
     * describes.
     *
     * @param handler {@code package.Class}, which means its method {@code handleRequest}, or
     *     {@code package.Class::method}
     * @throws ReflectiveOperationException if there is no such class or method, or no public constructor without
     *     parameters
     * @throws IllegalArgumentException if no method of that name has parameters that Lambda supports
     * @throws Throwable if the class's initialiser or constructor throws it
     */
    static RequestStreamHandler create(String handler) throws Throwable {
        int separator = handler.lastIndexOf("::");
        String className = separator < 0 ? handler : handler.substring(0, separator);
        String method = separator < 0 ? HANDLE_REQUEST : handler.substring(separator + 2);
        Class<?> handlerClass = load(className);
        if (method.equals(HANDLE_REQUEST)
                && (RequestStreamHandler.class.isAssignableFrom(handlerClass)
                        || RequestHandler.class.isAssignableFrom(handlerClass))) {
            return adapt(instance(handlerClass));
        }
        MethodHandler.Selected selected = MethodHandler.select(handlerClass, method);
        boolean isStatic = Modifier.isStatic(selected.method().getModifiers());
        return new MethodHandler(selected, isStatic ? null : instance(handlerClass));
    }

    private static Class<?> load(String className) throws Throwable {
        try {
            return Class.forName(className, true, HandlerFactory.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ClassNotFoundException("Class not found: " + className, e);
        } catch (ExceptionInInitializerError e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Object instance(Class<?> handlerClass) throws Throwable {
        Constructor<?> constructor;
        try {
            constructor = handlerClass.getConstructor();
        } catch (NoSuchMethodException e) {
            throw new NoSuchMethodException(
                    "Class " + handlerClass.getName() + " has no public zero-argument constructor");
        }
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /**
     * Adapts a handler object to a stream handler.
     *
     * @param handler a {@code RequestStreamHandler} or {@code RequestHandler}
     * @throws IllegalArgumentException if it is neither
     */
    public static RequestStreamHandler adapt(Object handler) {
        if (handler instanceof RequestStreamHandler streamHandler) {
            return streamHandler;
        }
        if (handler instanceof RequestHandler<?, ?> requestHandler) {
            return new JsonHandler(requestHandler);
        }
        throw new IllegalArgumentException(
                handler.getClass().getName() + " implements neither RequestHandler nor RequestStreamHandler");
    }
}
