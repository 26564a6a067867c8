package io.github.visitorcounter.embeddedstack.lambda;

/** Thrown when more invocations wait for a function than the stack keeps. */
public final class TooManyRequestsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyRequestsException(String message) {
        super(message);
    }
}
