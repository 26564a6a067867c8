package io.github.visitorcounter.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The findings and repairs of one run of the reconcile function. A run that has no time for all counters is continued
 * by the next one; together these runs are a cycle.
 *
 * @param counters how many counters it compared with their connections
 * @param cycleCounters how many counters the runs of this cycle have finished so far
 * @param cycleStart when the first run of this cycle began
 * @param connections how many connections it read
 * @param expired how many connections were removed because they had expired
 * @param probed how many connections were probed
 * @param suspects how many of the probes answered 410; a wake-up probes these connections again before they are removed
 * @param unanswered how many probes failed, for instance because they were throttled
 * @param drifts the repaired counters with their drift: by how many {@code live} was too high, or, if negative, too low
 * @param uncertain how many counters changed during the whole run, so that their {@code live} may still be slightly
 *     wrong
 * @param restarted the counters whose newest version had not been broadcast; a wake-up was requested for each
 * @param removedCounters how many unused counters were removed, see
 *     {@link io.github.visitorcounter.Setting#UNUSED_COUNTER_DAYS}
 * @param elapsed how long the run took
 * @param complete false if the run ended before the end of the cycle; the next run continues where this one stopped
 * @since 0.1.0
 */
public record ReconcileReport(
        int counters,
        long cycleCounters,
        Instant cycleStart,
        long connections,
        int expired,
        int probed,
        int suspects,
        int unanswered,
        Map<String, Long> drifts,
        int uncertain,
        List<String> restarted,
        int removedCounters,
        Duration elapsed,
        boolean complete) {}
