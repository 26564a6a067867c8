package io.github.visitorcounter.embeddedstack.lambda;

/**
 * Thrown when a function's handler cannot be made; the cause is what its code threw.
 *
 * @since 0.1.0
 */
public final class FunctionInitialisationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param function whose handler it is
     * @param cause what its code threw
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
