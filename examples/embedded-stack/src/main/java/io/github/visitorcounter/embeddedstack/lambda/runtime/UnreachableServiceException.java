package io.github.visitorcounter.embeddedstack.lambda.runtime;

/**
 * Thrown if a function calls an AWS service that the stack does not emulate. It is not an {@code IOException}, because
 * the AWS SDKs would retry the call.
 *
 * @since 0.1.0
 */
public final class UnreachableServiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreachableServiceException(String function, String host) {
        super("Function '" + function + "' called " + host
                + ", which is not part of this stack, and nothing is sent to AWS"
                + " from here. The stack runs DynamoDB, DynamoDB Streams, Lambda and the WebSocket API with its @connections;"
                + " give the client of another service an endpoint of your own.");
    }
}
