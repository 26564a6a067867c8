package io.github.visitorcounter.embeddedstack.isolation;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way from the project's side to the stack's own side. There is one class loader for the stack's own side in a JVM, because
 * DynamoDB Local's native library can be loaded only once. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Isolation {

    private static @Nullable StackClassLoader ownSide;

    private Isolation() {}

    /** The class loader of whoever uses the stack. */
    public static ClassLoader project() {
        return Isolation.class.getClassLoader();
    }

    /**
     * Makes an object on the stack's own side.
     *
     * @param type how the project's side sees it: a type of the JDK, or one that both sides share
     * @param className the name of a public class with a public constructor without parameters
     * @throws IllegalStateException if the class loader can't be made; the message says what is missing
     */
    public static <T> T create(Class<T> type, String className) {
        return call(() -> {
            try {
                return type.cast(ownSide().loadClass(className).getConstructor().newInstance());
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(className + " could not be created: " + e.getCause(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(className + " could not be created: " + e, e);
            }
        });
    }

    /** {@link #create} for a consumer of texts. */
    @SuppressWarnings("unchecked") // Its class says so.
    public static Consumer<String> consumer(String className) {
        return create(Consumer.class, className);
    }

    /** {@link #create} for a function. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Its class says so.
    public static <I, O> Function<I, O> function(String className) {
        return create(Function.class, className);
    }

    /**
     * Calls something with the class loader of the stack's own side as the thread's, where logging looks for its provider and its
     * settings, and which the threads that are started meanwhile inherit.
     *
     * @param call what to call, made by {@link #create}
     */
    public static <T> T call(Supplier<T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ownSide());
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static synchronized StackClassLoader ownSide() {
        if (ownSide == null) {
            ownSide = new StackClassLoader(OwnJars.find(project()), project());
        }
        return ownSide;
    }
}
