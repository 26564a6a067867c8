package io.github.visitorcounter.broadcast;

/**
 * Decides whether stale connections are removed. Implementations must be thread-safe. When one throws or returns null, the connection is
 * kept.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StaleConnectionPolicy {

    /** Removes them: {@code $disconnect} was lost, or is late and will then change nothing. The default. */
    StaleConnectionPolicy DELETE_ON_GONE = stale -> Decision.REMOVE;

    /** Keeps them until {@code $disconnect} comes or they expire. */
    StaleConnectionPolicy KEEP = stale -> Decision.KEEP;

    /** What happens to a connection. */
    enum Decision {
        /** It is removed from its counter. */
        REMOVE,
        /** It stays, and is posted to again at the next broadcast. */
        KEEP
    }

    /**
     * Decides about one connection.
     *
     * @param stale the connection
     * @return whether it is removed
     */
    Decision decide(StaleConnection stale);
}
