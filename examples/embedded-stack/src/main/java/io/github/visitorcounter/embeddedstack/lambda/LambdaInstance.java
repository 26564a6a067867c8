package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One execution environment of a function: a thread, and a handler that is created on it and called only by it. */
final class LambdaInstance {

    final ExecutorService thread;
    private final HandlerSource source;
    private @Nullable RequestStreamHandler handler; // Accessed only by the thread.

    LambdaInstance(String threadName, HandlerSource source) {
        this.source = source;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, threadName);
            created.setDaemon(true);
            return created;
        });
    }

    /**
     * Creates the handler, once.
     *
     * @throws Throwable if the function's code throws it
     */
    void initialise() throws Throwable {
        if (handler == null) {
            handler = source.newHandler();
        }
    }

    /**
     * Calls the handler.
     *
     * @throws Throwable if the function's code throws it
     */
    String call(String payload, Context context) throws Throwable {
        if (handler == null) {
            throw new IllegalStateException("Not initialised");
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)), answer, context);
        return answer.toString(StandardCharsets.UTF_8);
    }
}
