package io.github.visitorcounter.internal.count;

/** The reason of the last change of a counter: the attribute {@code lastChange}, which event source filters use. */
public enum Change {
    /** A connect. */
    CONNECT,
    /** A disconnect that API Gateway reported. */
    DISCONNECT,
    /** Stale or expired connections were removed. */
    PRUNE,
    /** The count was repaired. */
    RECONCILE,
    /** The number of shards changed, but not the count. */
    SHARDS
}
