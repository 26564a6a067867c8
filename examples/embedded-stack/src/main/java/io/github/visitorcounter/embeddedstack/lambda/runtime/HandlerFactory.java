package io.github.visitorcounter.embeddedstack.lambda.runtime;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

/** Makes handlers from their names, as Lambda's runtime does. */
public final class HandlerFactory {

    private HandlerFactory() {}

    /**
     * Makes a handler; every handler is a stream handler to the stack.
     *
     * @param handler {@code package.Class} or {@code package.Class::handleRequest}
     * @throws ReflectiveOperationException if there is no such class, or it has no public constructor without parameters
     * @throws Throwable what the class's initialiser or constructor threw
     */
    public static RequestStreamHandler create(String handler) throws Throwable {
        int method = handler.indexOf("::");
        String className = method < 0 ? handler : handler.substring(0, method);
        Class<?> handlerClass;
        try {
            handlerClass = Class.forName(className, true, HandlerFactory.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ClassNotFoundException("Class not found: " + className, e);
        } catch (ExceptionInInitializerError e) {
            throw e.getCause() == null ? e : e.getCause();
        }
        Constructor<?> constructor;
        try {
            constructor = handlerClass.getConstructor();
        } catch (NoSuchMethodException e) {
            throw new NoSuchMethodException("Class " + className + " has no public zero-argument constructor");
        }
        try {
            return adapt(constructor.newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /**
     * Makes a stream handler of a handler object.
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
