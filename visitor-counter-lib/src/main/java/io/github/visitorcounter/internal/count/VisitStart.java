package io.github.visitorcounter.internal.count;

/** The effect of a connect on its visit. */
public enum VisitStart {
    /** A visit starts. */
    NEW,
    /** A visit that ended within the visit timeout is resumed. */
    RESUMED,
    /** The visit has not ended: another tab, or a reconnect before the {@code $disconnect} of the old connection. */
    CONCURRENT
}
