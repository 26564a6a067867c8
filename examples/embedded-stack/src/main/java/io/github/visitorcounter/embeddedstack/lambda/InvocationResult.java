package io.github.visitorcounter.embeddedstack.lambda;

import org.jspecify.annotations.Nullable;

/**
 * The result of an invocation.
 *
 * @param requestId the invocation's id, as in the function's context
 * @param payload the function's answer as JSON, or Lambda's error document when {@code functionError} is set
 * @param functionError {@code Unhandled} if the function threw, could not be initialised or timed out; otherwise null
 * @since 0.1.0
 */
public record InvocationResult(
        String requestId, String payload, @Nullable String functionError) {

    /** Returns whether the function threw, could not be initialised or timed out. */
    public boolean failed() {
        return functionError != null;
    }
}
