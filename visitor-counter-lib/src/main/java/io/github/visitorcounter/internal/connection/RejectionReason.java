package io.github.visitorcounter.internal.connection;

import java.util.Locale;

/** Why a connection was rejected: the dimension {@code reason} of the metric and the field {@code reason} of the log, in lower case. */
public enum RejectionReason {
    /** 400: the event, its query, its headers or an id in it is not what it must be. */
    INVALID,
    /** 403: the page's origin is not allowed. */
    ORIGIN,
    /** 403: the counter is not allowed. */
    COUNTER,
    /** The site's own code decided so. */
    APPLICATION,
    /** 429: the address has opened too many connections. */
    ADDRESS,
    /** 429: as many are live as may be. */
    FULL,
    /** 503: the connection could not be counted in time. The visitor did nothing wrong. */
    UNAVAILABLE,
    /** 500: the site's own code failed. */
    FAILED;

    /** Returns the word for metrics and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
