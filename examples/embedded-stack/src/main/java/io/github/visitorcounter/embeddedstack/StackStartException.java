package io.github.visitorcounter.embeddedstack;

/**
 * Thrown when a stack cannot start. The message states the reason and the remedy.
 *
 * @since 0.1.0
 */
public final class StackStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what was wrong, where, and what to do
     * @param cause the underlying failure
     */
    public StackStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
