package io.github.visitorcounter.internal.count;

import java.time.Duration;
import java.time.Instant;

/**
 * Tells when a counter needs more rows, from what one call meets: ten conflicts in a row, or a home row that changed fifteen times
 * within 400 ms while the call conflicted. At five connects and five disconnects a second neither happens for days; a thousand
 * connects within a second are noticed after some 200 ms. Not thread-safe.
 */
public final class GrowthSignal {

    private static final int MAX_CONFLICTS = 10;
    private static final int MAX_CHANGES = 15;
    private static final Duration WINDOW = Duration.ofMillis(400);
    private static final Instant NEVER = Instant.MIN;

    private int conflicts;
    private long firstVersion;
    private long version;
    private Instant since = NEVER;

    /** Creates a signal that has met nothing. */
    public GrowthSignal() {}

    /** Notes a conflict at the counter's row. */
    public void conflict() {
        conflicts++;
    }

    /**
     * Notes the version of the home row, which is read after each conflict.
     *
     * @param homeVersion what it was
     * @param now when it was read
     */
    public void sawHome(long homeVersion, Instant now) {
        if (since.equals(NEVER) || Duration.between(since, now).compareTo(WINDOW) > 0) {
            firstVersion = homeVersion;
            since = now;
        }
        version = homeVersion;
    }

    /** Begins again: the counter has another number of rows now. */
    public void reset() {
        conflicts = 0;
        firstVersion = 0;
        version = 0;
        since = NEVER;
    }

    /**
     * Tells whether the counter is busy.
     *
     * @return whether it needs more rows
     */
    public boolean isBusy() {
        return conflicts >= MAX_CONFLICTS || version - firstVersion >= MAX_CHANGES;
    }
}
