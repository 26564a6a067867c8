package io.github.visitorcounter.internal.count;

/** Why a counter changed last: the attribute {@code lastChange}, which event source filters look at. */
public enum Change {
    /** A visitor came. */
    CONNECT,
    /** A visitor left, and API Gateway said so. */
    DISCONNECT,
    /** Connections were removed because a post met 410, or because they had expired. */
    PRUNE,
    /** The count was repaired. */
    RECONCILE,
    /** The number of the counter's rows changed, not its numbers. */
    SHARDS
}
