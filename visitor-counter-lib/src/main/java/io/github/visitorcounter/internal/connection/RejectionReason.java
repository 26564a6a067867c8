package io.github.visitorcounter.internal.connection;

import java.util.Locale;

/**
 * Why a connection was rejected: the dimension {@code reason} of the metric and the field {@code reason} of the log, in
 * lower case.
 */
public enum RejectionReason {
    /** 400: the event, its query, its headers or an id is invalid. */
    INVALID,
    /** 403: the page's origin is not allowed. */
    ORIGIN,
    /** 403: the counter is not allowed. */
    COUNTER,
    /** 403: the page asks to watch, and the counter has no watchers. */
    WATCHER,
    /** The status that {@code admit} of the site returned. */
    APPLICATION,
    /** 429: the IP address opened too many connections. */
    ADDRESS,
    /** 429: the counter is new, and the limit of new counters in this minute is reached. */
    NEW_COUNTERS,
    /** 429: the counter has reached its maximum of {@code live}. */
    FULL,
    /** 503: the connection could not be counted in time. */
    UNAVAILABLE,
    /** 500: {@code admit} of the site failed. */
    FAILED;

    /** Returns the value in metrics and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
