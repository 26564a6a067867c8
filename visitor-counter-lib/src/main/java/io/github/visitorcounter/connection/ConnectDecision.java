package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

/**
 * Whether a visitor may connect. Immutable.
 *
 * @since 0.1.0
 */
public final class ConnectDecision {

    private static final int OK = 200;
    private static final int LEAST_REJECTION = 400;
    private static final int MOST_REJECTION = 499;
    private static final ConnectDecision ACCEPTED = new ConnectDecision(OK, null);

    private final int statusCode;
    private final @Nullable String subprotocol;

    private ConnectDecision(int statusCode, @Nullable String subprotocol) {
        this.statusCode = statusCode;
        this.subprotocol = subprotocol;
    }

    /**
     * Lets the visitor in.
     *
     * @return an admission
     */
    public static ConnectDecision accept() {
        return ACCEPTED;
    }

    /**
     * Lets the visitor in and accepts one of the WebSocket subprotocols that the client offered; a client that offered some
     * closes the connection otherwise.
     *
     * @param subprotocol one of the values of the request's {@code Sec-WebSocket-Protocol} header
     * @return an admission
     * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html">
     *     {@code $connect} routes that require a subprotocol</a>
     */
    public static ConnectDecision accept(String subprotocol) {
        return new ConnectDecision(OK, subprotocol);
    }

    /**
     * Rejects the visitor: nothing is counted, and the handshake is answered with the status. A browser shows no status to
     * the page.
     *
     * @param statusCode 400 to 499
     * @return an admission
     * @throws IllegalArgumentException if the status is another one
     */
    public static ConnectDecision reject(int statusCode) {
        if (statusCode < LEAST_REJECTION || statusCode > MOST_REJECTION) {
            throw new IllegalArgumentException("Rejecting with status " + statusCode + ": must be from 400 to 499");
        }
        return new ConnectDecision(statusCode, null);
    }

    /**
     * Tells whether the visitor may connect.
     *
     * @return false when rejected
     */
    public boolean isAccepted() {
        return statusCode == OK;
    }

    /**
     * Returns the answer to the handshake.
     *
     * @return 200, or the status of the rejection
     */
    public int statusCode() {
        return statusCode;
    }

    /**
     * Returns the subprotocol.
     *
     * @return the accepted subprotocol, or null
     */
    public @Nullable String subprotocol() {
        return subprotocol;
    }
}
