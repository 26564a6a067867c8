package io.github.visitorcounter.embeddedstack.lambda;

/**
 * Thrown when a function is invoked that this stack does not have.
 *
 * @since 0.1.0
 */
public final class FunctionNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what AWS says to the caller
     */
    public FunctionNotFoundException(String message) {
        super(message);
    }
}
