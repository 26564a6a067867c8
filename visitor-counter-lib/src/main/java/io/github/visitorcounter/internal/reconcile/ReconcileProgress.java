package io.github.visitorcounter.internal.reconcile;

import java.time.Instant;

/**
 * The saved progress of a run that had no time for all counters. The next run continues there.
 *
 * @param cursor where the next page of counters begins
 * @param counters how many counters have been reconciled since the beginning of the table
 * @param since when the cycle began
 */
public record ReconcileProgress(String cursor, long counters, Instant since) {}
