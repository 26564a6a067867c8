package io.github.visitorcounter.internal.broadcast.delivery;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * The outcome of one attempt to post to a connection.
 *
 * @param kind the kind of outcome
 * @param failure the reason; null if the kind is {@link Kind#DELIVERED} or {@link Kind#GONE}
 */
public record PostOutcome(Kind kind, @Nullable FailedCall failure) {

    /** The kinds of outcome. */
    public enum Kind {
        /** API Gateway accepted the message; the client may not have received it. */
        DELIVERED,
        /** 410: the connection is closed, or its handshake is not finished yet. */
        GONE,
        /** 429: the account's quota is exceeded, or the client reads too slowly. */
        THROTTLED,
        /** A server error, a timeout or a lost connection: a retry may succeed. */
        UNAVAILABLE,
        /** Any other answer, such as 403 or 413: a retry does not help. */
        REJECTED
    }

    /** AWS's name of the operation. */
    public static final String OPERATION = "PostToConnection";

    private static final Set<Kind> NO_FAILURE = Set.of(Kind.DELIVERED, Kind.GONE);

    public static final PostOutcome DELIVERED = new PostOutcome(Kind.DELIVERED, null);
    public static final PostOutcome GONE = new PostOutcome(Kind.GONE, null);

    /**
     * Checks that every failure has a reason.
     *
     * @param kind the kind of outcome
     * @param failure the reason, or null
     * @throws IllegalArgumentException if a failure has no reason, or an outcome that is no failure has one
     */
    public PostOutcome {
        if ((failure == null) != NO_FAILURE.contains(kind)) {
            throw new IllegalArgumentException("Invalid failure for the outcome " + kind + ": " + failure);
        }
    }

    /** Returns the outcome of a post whose stage failed, contrary to the contract of {@link Poster}. */
    static PostOutcome unexpected(Throwable thrown) {
        return new PostOutcome(Kind.UNAVAILABLE, FailedCall.unexpected(OPERATION, thrown));
    }
}
