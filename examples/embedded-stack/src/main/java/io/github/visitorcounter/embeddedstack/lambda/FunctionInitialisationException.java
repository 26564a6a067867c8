package io.github.visitorcounter.embeddedstack.lambda;

/**
 * Thrown when a function's handler cannot be made; the cause is what its code threw.
 *
 * @since 0.1.0
 */
public final class FunctionInitialisationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FunctionInitialisationException(FunctionDefinition function, Throwable cause) {
        super(
                "Function '" + function.name() + "'"
                        + (function.handler() == null ? "" : " (handler " + function.handler() + ")")
                        + " could not be initialised: " + cause,
                cause);
    }
}
