package io.github.visitorcounter.broadcast;

/**
 * Decides what happens to connections that are gone. Implementations must be thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StaleConnectionPolicy {

    /** Count them out: {@code $disconnect} was lost, or is late and will then change nothing. */
    StaleConnectionPolicy DELETE_ON_GONE = stale -> Decision.REMOVE;

    /** Leave them until {@code $disconnect} comes or they expire. */
    StaleConnectionPolicy KEEP = stale -> Decision.KEEP;

    /** What happens to a connection. */
    enum Decision {
        /** It is counted out. */
        REMOVE,
        /** It stays, and is posted to again at the next broadcast. */
        KEEP
    }

    /**
     * Decides about one connection.
     *
     * @param stale the connection and what is known about it
     * @return what happens to it
     */
    Decision decide(StaleConnection stale);
}
