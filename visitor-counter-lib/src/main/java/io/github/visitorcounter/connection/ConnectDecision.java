package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

/**
 * Whether a visitor may connect, and how the handshake is answered. Immutable.
 *
 * @since 0.1.0
 */
public final class ConnectDecision {

    private static final int OK = 200;
    private static final int MIN_REJECTION = 400;
    private static final int MAX_REJECTION = 499;
    private static final ConnectDecision ACCEPTED = new ConnectDecision(OK, null);

    private final int statusCode;
    private final @Nullable String subprotocol;

    private ConnectDecision(int statusCode, @Nullable String subprotocol) {
        this.statusCode = statusCode;
        this.subprotocol = subprotocol;
    }

    /**
     * Accepts the visitor, without a subprotocol.
     *
     * @return the decision
     */
    public static ConnectDecision accept() {
        return ACCEPTED;
    }

    /**
     * Accepts the visitor and one of the WebSocket subprotocols that the client offered. A client that offered some
     * closes the connection if the answer names none of them.
     *
     * @param subprotocol one of the values of the request's {@code Sec-WebSocket-Protocol} header
     * @return the decision
     * @see <a
     *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html">
     *     {@code $connect} routes that require a subprotocol</a>
     */
    public static ConnectDecision accept(String subprotocol) {
        return new ConnectDecision(OK, subprotocol);
    }

    /**
     * Rejects the visitor: nothing is counted, and the handshake is answered with the status. Browsers do not expose
     * the status to the page.
     *
     * @param statusCode 400 to 499
     * @return the decision
     * @throws IllegalArgumentException if the status is below 400 or above 499
     */
    public static ConnectDecision reject(int statusCode) {
        if (statusCode < MIN_REJECTION || statusCode > MAX_REJECTION) {
            throw new IllegalArgumentException("Rejecting with status " + statusCode + ": must be from 400 to 499");
        }
        return new ConnectDecision(statusCode, null);
    }

    /**
     * Returns whether the visitor may connect.
     *
     * @return true if accepted, false if rejected
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
     * @return the accepted subprotocol; null if there is none
     */
    public @Nullable String subprotocol() {
        return subprotocol;
    }
}
