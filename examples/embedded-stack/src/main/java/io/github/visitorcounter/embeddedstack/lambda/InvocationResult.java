package io.github.visitorcounter.embeddedstack.lambda;

import org.jspecify.annotations.Nullable;

/**
 * What an invocation answered.
 *
 * @param requestId the invocation's id, as the function's context showed it
 * @param payload the function's answer as JSON, or Lambda's error document when {@code functionError} is set
 * @param functionError {@code Unhandled} when the function threw, could not be initialised or timed out; null when it answered
 * @since 0.1.0
 */
public record InvocationResult(
        String requestId, String payload, @Nullable String functionError) {

    /** Whether the function threw, could not be initialised or timed out. */
    public boolean failed() {
        return functionError != null;
    }
}
