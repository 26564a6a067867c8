package io.github.visitorcounter.count;

/** What {@code live} counts. */
public enum LiveCount {
    /** Open connections: four tabs are four. */
    CONNECTIONS,
    /** Visitors, by the id that their pages give: four tabs of one browser are one. */
    VISITORS
}
