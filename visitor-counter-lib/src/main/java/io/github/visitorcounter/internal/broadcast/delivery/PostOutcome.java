package io.github.visitorcounter.internal.broadcast.delivery;

/** What became of one attempt to post to a connection. */
public enum PostOutcome {
    /** API Gateway took the message. It does not say whether the client received it. */
    DELIVERED,
    /** 410: the connection is closed, or its handshake is not finished yet. */
    GONE,
    /** 429: the account's quota is used up, or the client reads too slowly. */
    THROTTLED,
    /** A server error, a timeout or a lost connection: it may work the next time. */
    UNAVAILABLE,
    /** Another answer that will not change, for instance 403 or 413. */
    REJECTED
}
