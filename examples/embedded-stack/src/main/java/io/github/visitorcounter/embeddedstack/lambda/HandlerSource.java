package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.embeddedstack.lambda.runtime.FunctionRuntime;
import io.github.visitorcounter.embeddedstack.lambda.runtime.HandlerFactory;
import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Creates the handlers of a function's instances. Thread-safe. */
interface HandlerSource extends Closeable {

    /**
     * Creates a handler for one instance and sets the thread's context class loader.
     *
     * @throws Throwable if the function's code throws it
     */
    RequestStreamHandler newHandler() throws Throwable;

    @Override
    void close() throws IOException;

    /** Handler objects from a supplier. */
    static HandlerSource of(Supplier<?> handlerObjects) {
        return new HandlerSource() {
            @Override
            public RequestStreamHandler newHandler() {
                Object handler = handlerObjects.get();
                Thread.currentThread().setContextClassLoader(handler.getClass().getClassLoader());
                return HandlerFactory.adapt(handler);
            }

            @Override
            public void close() {}
        };
    }

    /** Handlers by name, in the function's own class loader. */
    static HandlerSource named(String handler, List<Path> classPath, Surroundings surroundings) {
        return new Isolated(handler, classPath, surroundings);
    }

    /**
     * The surroundings of an isolated function.
     *
     * @param functionName its name
     * @param environment its environment variables
     * @param authorities the hosts of the stack with their ports
     * @param gateway the root of everything but DynamoDB, without a slash at the end
     * @param dynamoDb DynamoDB and its streams, without a slash at the end
     * @param log receives lines printed outside of invocations
     */
    record Surroundings(
            String functionName,
            Map<String, String> environment,
            List<String> authorities,
            String gateway,
            String dynamoDb,
            LambdaLogger log) {}

    /**
     * Keeps one class loader until the initialisation of a handler in it fails, because a class whose initialiser threw
     * cannot be initialised again.
     */
    final class Isolated implements HandlerSource {

        private final String handler;
        private final List<Path> classPath;
        private final Surroundings surroundings;
        private @Nullable FunctionClassLoader classLoader;
        private boolean proven;

        private Isolated(String handler, List<Path> classPath, Surroundings surroundings) {
            this.handler = handler;
            this.classPath = classPath;
            this.surroundings = surroundings;
        }

        @Override
        public RequestStreamHandler newHandler() throws Throwable {
            FunctionClassLoader loader = classLoader();
            Thread.currentThread().setContextClassLoader(loader);
            try {
                RequestStreamHandler created = (RequestStreamHandler) loader.loadClass(FunctionRuntime.class.getName())
                        .getMethod("create", String.class)
                        .invoke(null, handler);
                proven(loader);
                return created;
            } catch (InvocationTargetException e) {
                abandon(loader);
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        private synchronized FunctionClassLoader classLoader() throws ReflectiveOperationException {
            if (classLoader == null) {
                FunctionClassLoader created =
                        new FunctionClassLoader("lambda-" + surroundings.functionName(), classPath);
                created.loadClass(FunctionRuntime.class.getName())
                        .getMethod(
                                "configure",
                                String.class,
                                Map.class,
                                List.class,
                                String.class,
                                String.class,
                                LambdaLogger.class)
                        .invoke(
                                null,
                                surroundings.functionName(),
                                surroundings.environment(),
                                surroundings.authorities(),
                                surroundings.gateway(),
                                surroundings.dynamoDb(),
                                surroundings.log());
                classLoader = created;
            }
            return classLoader;
        }

        private synchronized void proven(FunctionClassLoader loader) {
            proven |= loader == classLoader;
        }

        private synchronized void abandon(FunctionClassLoader loader) {
            if (!proven && loader == classLoader) {
                classLoader = null; // Not closed: another instance may be loading from it at this moment.
            }
        }

        @Override
        public synchronized void close() throws IOException {
            if (classLoader == null) {
                return;
            }
            try {
                classLoader
                        .loadClass(FunctionRuntime.class.getName())
                        .getMethod("close")
                        .invoke(null);
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof InterruptedException)) {
                    throw new IOException("The shutdown hooks could not be run", e.getCause());
                }
                Thread.currentThread().interrupt();
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(impossible);
            } finally {
                classLoader.close();
            }
        }
    }
}
