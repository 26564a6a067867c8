package io.github.visitorcounter.embeddedstack.lambda;

/**
 * Thrown if the invoked function does not exist in this stack.
 *
 * @since 0.1.0
 */
public final class FunctionNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message AWS's error message
     */
    public FunctionNotFoundException(String message) {
        super(message);
    }
}
