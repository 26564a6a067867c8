package io.github.visitorcounter.embeddedstack.lambda;

import java.util.concurrent.CompletableFuture;

/**
 * Invokes functions by name. Thread-safe.
 *
 * @since 0.1.0
 */
public interface FunctionInvoker {

    /**
     * Invokes a function and waits for its answer ({@code RequestResponse}).
     *
     * @param functionName the name or ARN of a function of this stack
     * @param payload the event, as JSON
     * @return completes with the function's answer or its error; completes exceptionally only if the function could not
     *     be invoked: with {@link FunctionNotFoundException}, or with {@link TooManyRequestsException} if it is
     *     throttled
     */
    CompletableFuture<InvocationResult> invoke(String functionName, String payload);
}
