package io.github.visitorcounter.embeddedstack.url;

import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A Lambda function URL without authorization, for every request that it receives.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">Lambda's requests and responses</a>
 * @since 0.1.0
 */
public final class FunctionUrlHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionUrlHandler.class);

    /** Lambda's limit of a synchronous invocation. */
    private static final int MAX_BODY_BYTES = 6 * 1024 * 1024;

    private final String functionName;
    private final FunctionInvoker invoker;
    private final RequestEvents events;

    /**
     * Creates the handler.
     *
     * @param functionName the function, with its alias if it is invoked by one
     * @param invoker invokes it
     * @param clock the time in events
     * @param requestIds creates the ids of requests
     */
    public FunctionUrlHandler(String functionName, FunctionInvoker invoker, Clock clock, Supplier<String> requestIds) {
        this.functionName = functionName;
        this.invoker = invoker;
        this.events = new RequestEvents(clock, requestIds);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // Functions may take longer than the connector's idle timeout.
        request.addIdleTimeoutListener(timeout -> false);
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, MAX_BODY_BYTES, Promise.Invocable.toPromise(body));
        var unused = body.whenComplete((bytes, failure) -> {
            if (failure instanceof IOException) {
                callback.failed(failure); // The client disconnected.
            } else if (failure != null) {
                FunctionResponse.TOO_LARGE.write(request, response, callback);
            } else {
                answer(request, bytes, response, callback);
            }
        });
        return true;
    }

    private void answer(Request request, byte[] body, Response response, Callback callback) {
        var unused = invoke(request, body)
                .handle(this::response)
                .thenAcceptAsync(
                        answer -> {
                            try {
                                answer.write(request, response, callback);
                            } catch (RuntimeException e) {
                                callback.failed(e);
                            }
                        },
                        request.getComponents().getExecutor());
    }

    private CompletableFuture<InvocationResult> invoke(Request request, byte[] body) {
        try {
            return invoker.invoke(functionName, events.event(request, body));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private FunctionResponse response(@Nullable InvocationResult result, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TooManyRequestsException throttled) {
            LOG.warn("Function {} was throttled: {}", functionName, throttled.reason());
            return FunctionResponse.throttled(throttled.reason());
        }
        if (result == null) {
            LOG.error("Function {} could not be invoked", functionName, cause);
            return FunctionResponse.FAILED;
        }
        if (result.failed()) {
            LOG.warn("Function {} failed: {}", functionName, result.payload());
            return FunctionResponse.FAILED;
        }
        FunctionResponse response = FunctionResponse.of(result.payload());
        if (response == null) {
            LOG.warn(
                    "Function {} answered {}, which is not a response of a function URL",
                    functionName,
                    result.payload());
            return FunctionResponse.FAILED;
        }
        return response;
    }
}
