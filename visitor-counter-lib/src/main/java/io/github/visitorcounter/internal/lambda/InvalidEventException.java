package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.VisitorCounterException;
import org.jspecify.annotations.Nullable;

/** Thrown when a function receives something else than the event it is made for. Nothing was changed. */
public final class InvalidEventException extends VisitorCounterException {

    private static final long serialVersionUID = 1L;

    InvalidEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
