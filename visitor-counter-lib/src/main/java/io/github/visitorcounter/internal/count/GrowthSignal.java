package io.github.visitorcounter.internal.count;

import java.time.Duration;
import java.time.Instant;

/**
 * Detects from the conflicts of one call that a counter needs more shards: after ten conflicts in a row, or if the home
 * row changed ten times within 250 ms during the conflicts. At five connects and five disconnects per second neither
 * happens for days; a thousand connects within a second are detected after about 150 ms. Not thread-safe.
 */
public final class GrowthSignal {

    private static final int MAX_CONFLICTS = 10;

    /**
     * Forty changes a second, of the 60 to 100 that a row takes. The window is short, because every connect that begins
     * before the growth waits for it.
     */
    private static final int MAX_CHANGES = 10;

    private static final Duration WINDOW = Duration.ofMillis(250);
    private static final Instant NEVER = Instant.MIN;

    private int conflicts;
    private long firstVersion;
    private long version;
    private Instant since = NEVER;

    /** Creates a signal without conflicts. */
    public GrowthSignal() {}

    /** Records a conflict at the counter's row. */
    public void conflict() {
        conflicts++;
    }

    /**
     * Records the version of the home row, which is read after each conflict.
     *
     * @param homeVersion the version
     * @param now when it was read
     */
    public void sawHome(long homeVersion, Instant now) {
        if (since.equals(NEVER) || Duration.between(since, now).compareTo(WINDOW) > 0) {
            firstVersion = homeVersion;
            since = now;
        }
        version = homeVersion;
    }

    /** Starts over, after the number of shards changed. */
    public void reset() {
        conflicts = 0;
        firstVersion = 0;
        version = 0;
        since = NEVER;
    }

    /**
     * Returns whether the counter is busy.
     *
     * @return true if it needs more shards
     */
    public boolean isBusy() {
        return conflicts >= MAX_CONFLICTS || version - firstVersion >= MAX_CHANGES;
    }
}
