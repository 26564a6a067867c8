package io.github.visitorcounter;

import org.jspecify.annotations.Nullable;

/**
 * The base class of all exceptions of this library. Each subclass documents how to handle it.
 *
 * @since 0.1.0
 */
public abstract class VisitorCounterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was wrong, where, and what to do
     * @param cause the cause, or null
     */
    protected VisitorCounterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
