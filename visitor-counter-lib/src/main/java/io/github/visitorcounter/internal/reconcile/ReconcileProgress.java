package io.github.visitorcounter.internal.reconcile;

import java.time.Instant;

/**
 * Where a run stopped that had no time for all counters. The next run goes on there.
 *
 * @param cursor where the next page of counters begins
 * @param counters how many counters have been reconciled since the beginning of the table
 * @param since when the run began that began there
 */
public record ReconcileProgress(String cursor, long counters, Instant since) {}
