package io.github.visitorcounter.embeddedstack.client;

/**
 * Thrown when the server answers a handshake with another status than 101.
 *
 * @since 0.1.0
 */
public final class HandshakeRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    HandshakeRejectedException(int status, Throwable cause) {
        super("The handshake was rejected with status " + status, cause);
        this.status = status;
    }

    /** The HTTP status of the answer, for instance 403. */
    public int status() {
        return status;
    }
}
