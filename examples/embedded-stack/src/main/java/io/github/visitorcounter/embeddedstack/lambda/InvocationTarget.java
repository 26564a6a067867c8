package io.github.visitorcounter.embeddedstack.lambda;

import java.util.concurrent.CompletableFuture;

/**
 * The function that a caller's reference resolves to.
 *
 * @param function the function
 * @param arn its ARN, with the alias or version if the reference has one
 */
record InvocationTarget(LambdaFunction function, String arn) {

    /** Invokes it; see {@link LambdaFunction#invoke}. */
    CompletableFuture<Invocation.Answer> invoke(String requestId, String payload) {
        return function.invoke(arn, requestId, payload);
    }

    FunctionDefinition definition() {
        return function.definition();
    }
}
