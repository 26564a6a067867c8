package io.github.visitorcounter.embeddedstack.isolation;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Creates objects of the stack's own side for the project's side. The stack's own side has one class loader per JVM,
 * because DynamoDB Local's native library can be loaded only once. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Isolation {

    private static @Nullable StackClassLoader ownSide;

    private Isolation() {}

    /** The project's class loader. */
    public static ClassLoader project() {
        return Isolation.class.getClassLoader();
    }

    /**
     * Creates an object on the stack's own side.
     *
     * @param type its type on the project's side: a type of the JDK, or one that both sides share
     * @param className the name of a public class with a public constructor without parameters
     * @throws IllegalStateException if the class loader cannot be created; the message names the missing part
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
    @SuppressWarnings("unchecked") // The requested class has this type.
    public static Consumer<String> consumer(String className) {
        return create(Consumer.class, className);
    }

    /** {@link #create} for a function. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The requested class has this type.
    public static <I, O> Function<I, O> function(String className) {
        return create(Function.class, className);
    }

    /**
     * Runs a call with the class loader of the stack's own side as the thread's context class loader. Logging reads its
     * provider and settings from it, and threads started by the call inherit it.
     *
     * @param call the call, created by {@link #create}
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
