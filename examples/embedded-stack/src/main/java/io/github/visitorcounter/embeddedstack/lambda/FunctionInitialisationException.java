package io.github.visitorcounter.embeddedstack.lambda;

/**
 * Thrown if a function's handler cannot be created; the cause is the exception of its code.
 *
 * @since 0.1.0
 */
public final class FunctionInitialisationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param function the function
     * @param cause the exception of its code
     */
    public FunctionInitialisationException(FunctionDefinition function, Throwable cause) {
        super(
                "Function '" + function.name() + "'"
                        + (function.handler() == null ? "" : " (handler " + function.handler() + ")")
                        + (function.classPath().isEmpty() ? "" : " with the class path " + function.classPath())
                        + " could not be initialised: " + cause,
                cause);
    }
}
