package io.github.visitorcounter.count;

/**
 * What {@code live} counts.
 *
 * @since 0.1.0
 */
public enum CountingMode {
    /** Open connections: four tabs are four. */
    CONNECTIONS,
    /**
     * Visits, by the id that each page gives: four tabs are four, and a page that reconnects is one, even while its old
     * connection is not yet known to be closed. A connection without a visit is a visit of its own.
     */
    VISITS,
    /** Visitors, by the id that their pages give: four tabs of one browser are one. */
    VISITORS
}
