package io.github.visitorcounter.broadcast;

/**
 * Decides whether stale connections are removed. Implementations must be thread-safe. If one throws an exception or
 * returns null, the connection is kept.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StaleConnectionPolicy {

    /** Removes them, because {@code $disconnect} was lost or is late; a late one then has no effect. The default. */
    StaleConnectionPolicy DELETE_ON_GONE = stale -> Decision.REMOVE;

    /** Keeps them until they disconnect or expire. */
    StaleConnectionPolicy KEEP = stale -> Decision.KEEP;

    /** A decision about one connection. */
    enum Decision {
        /** The connection is removed from its counter. */
        REMOVE,
        /** The connection stays; the next broadcast posts to it again. */
        KEEP
    }

    /**
     * Decides about one connection.
     *
     * @param stale the connection
     * @return the decision
     */
    Decision decide(StaleConnection stale);
}
