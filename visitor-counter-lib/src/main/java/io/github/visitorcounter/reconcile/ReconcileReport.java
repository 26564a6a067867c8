package io.github.visitorcounter.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a run of the reconciling function found and repaired. Immutable.
 *
 * @param counters how many counters there are
 * @param connections how many connections it read
 * @param expired how many connections were removed because they had expired
 * @param probed about how many connections API Gateway was asked
 * @param suspects how many of those answered 410; a wake-up asks again and decides whether they are removed
 * @param unanswered how many probes had no answer, or another one
 * @param drifts the counters that were repaired, each with by how many its {@code live} was too high; negative: too low
 * @param uncertain how many counters changed during the whole run, so that they may still be a few too high or too low
 * @param restarted the counters whose newest version had not been broadcast; a wake-up was requested for each
 * @param elapsed how long the run took
 * @param complete false when the time was over before everything was done; the next run does the rest
 * @since 0.1.0
 */
public record ReconcileReport(
        int counters,
        long connections,
        int expired,
        int probed,
        int suspects,
        int unanswered,
        Map<String, Long> drifts,
        int uncertain,
        List<String> restarted,
        Duration elapsed,
        boolean complete) {}
