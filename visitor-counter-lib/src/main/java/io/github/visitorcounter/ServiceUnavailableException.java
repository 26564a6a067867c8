package io.github.visitorcounter;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a call of an AWS service did not succeed within the invocation's time, retries included. The same request
 * may succeed later; every write of this library is idempotent.
 *
 * @since 0.1.0
 */
public final class ServiceUnavailableException extends VisitorCounterException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was attempted, on what, and for how long
     * @param cause the last failure, or null
     */
    public ServiceUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
