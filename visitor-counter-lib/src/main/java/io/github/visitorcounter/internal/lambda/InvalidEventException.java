package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.VisitorCounterException;
import org.jspecify.annotations.Nullable;

/** Thrown if a function receives an event that it cannot handle. Nothing has been changed. */
public final class InvalidEventException extends VisitorCounterException {

    private static final long serialVersionUID = 1L;

    InvalidEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
