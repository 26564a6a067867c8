package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.embeddedstack.lambda.runtime.Environment;
import io.github.visitorcounter.embeddedstack.lambda.runtime.HandlerFactory;
import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Where a function's instances get their handlers from. Thread-safe. */
interface HandlerSource extends Closeable {

    /**
     * Makes a handler for one instance and sets the thread's context class loader for it.
     *
     * @throws Throwable what the function's own code threw
     */
    RequestStreamHandler newHandler() throws Throwable;

    @Override
    void close() throws IOException;

    /** Handlers that the caller makes. */
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

    /** Handlers by name, in a class loader of the function's own. */
    static HandlerSource named(
            String functionName, String handler, List<Path> classPath, Map<String, String> environment) {
        return new Isolated(functionName, handler, classPath, environment);
    }

    /** Keeps one class loader, until initialising a handler in it fails: a class whose initialiser threw stays broken. */
    final class Isolated implements HandlerSource {

        private final String functionName;
        private final String handler;
        private final List<Path> classPath;
        private final Map<String, String> environment;
        private @Nullable FunctionClassLoader classLoader;
        private boolean proven;

        private Isolated(String functionName, String handler, List<Path> classPath, Map<String, String> environment) {
            this.functionName = functionName;
            this.handler = handler;
            this.classPath = classPath;
            this.environment = environment;
        }

        @Override
        public RequestStreamHandler newHandler() throws Throwable {
            FunctionClassLoader loader = classLoader();
            Thread.currentThread().setContextClassLoader(loader);
            try {
                RequestStreamHandler created = (RequestStreamHandler) loader.loadClass(HandlerFactory.class.getName())
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
                FunctionClassLoader created = new FunctionClassLoader("lambda-" + functionName, classPath);
                created.loadClass(Environment.class.getName())
                        .getMethod("set", Map.class)
                        .invoke(null, environment);
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
            if (classLoader != null) {
                classLoader.close();
            }
        }
    }
}
