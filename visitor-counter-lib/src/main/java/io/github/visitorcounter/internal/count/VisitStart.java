package io.github.visitorcounter.internal.count;

/** What the arrival of a connection is to its visit. */
public enum VisitStart {
    /** A visit begins. */
    NEW,
    /** A visit goes on that ended a short time ago. */
    RESUMED,
    /** A visit goes on that has not ended: another tab, or a reconnect whose {@code $disconnect} is still to come. */
    CONCURRENT
}
