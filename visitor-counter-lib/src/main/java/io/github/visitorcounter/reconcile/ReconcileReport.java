package io.github.visitorcounter.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a run of the reconciling function found and healed.
 *
 * @param counters how many counters there are
 * @param connections how many connections it saw
 * @param expired how many were counted out because they had expired
 * @param probed about how many the gateway was asked
 * @param suspects how many of those answered 410; a second answer decides whether they are removed
 * @param unanswered for how many the gateway had no answer
 * @param drifts the counters that were repaired, each with how many too many it had shown; negative: too few
 * @param uncertain how many counters changed all the while, so that they may still show a few too many or too few
 * @param restarted the counters whose newest version had not been broadcast, and will be now
 * @param elapsed how long it took
 * @param complete false when the time was over before everything was done; what was not done is left to the next run
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
