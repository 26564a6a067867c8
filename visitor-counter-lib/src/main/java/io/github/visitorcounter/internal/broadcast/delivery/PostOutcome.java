package io.github.visitorcounter.internal.broadcast.delivery;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * What became of one attempt to post to a connection.
 *
 * @param kind what to do next
 * @param failure why it failed; null when the message was delivered or the connection is closed
 */
public record PostOutcome(Kind kind, @Nullable FailedCall failure) {

    /** What to do after an attempt. */
    public enum Kind {
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

    /** AWS's name of what a poster does. */
    public static final String OPERATION = "PostToConnection";

    private static final Set<Kind> NO_FAILURE = Set.of(Kind.DELIVERED, Kind.GONE);

    public static final PostOutcome DELIVERED = new PostOutcome(Kind.DELIVERED, null);
    public static final PostOutcome GONE = new PostOutcome(Kind.GONE, null);

    /**
     * Checks that every failure has a reason.
     *
     * @param kind what to do next
     * @param failure why it failed
     * @throws IllegalArgumentException if a failure has no reason, or something else has one
     */
    public PostOutcome {
        if ((failure == null) != NO_FAILURE.contains(kind)) {
            throw new IllegalArgumentException("The outcome " + kind + " with the failure " + failure);
        }
    }

    /** The outcome of a poster that threw, although it must not. */
    static PostOutcome unexpected(Throwable thrown) {
        return new PostOutcome(Kind.UNAVAILABLE, FailedCall.unexpected(OPERATION, thrown));
    }
}
