package io.github.visitorcounter.embeddedstack;

/**
 * Thrown when a stack cannot start. The message says why, and what to do, in words for whoever started it.
 *
 * @since 0.1.0
 */
public final class StackStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what was wrong, where, and what to do
     * @param cause what showed it
     */
    public StackStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
