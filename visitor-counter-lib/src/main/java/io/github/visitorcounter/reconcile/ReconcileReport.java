package io.github.visitorcounter.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a run of the reconciling function found and repaired. A run that has no time for all counters is continued by the next
 * one: together they are a cycle.
 *
 * @param counters how many counters it compared with their connections
 * @param cycleCounters how many counters this run and those that it continued are done with
 * @param cycleStart when the first of those runs began; its own beginning when it continued none
 * @param connections how many connections it saw
 * @param expired how many were counted out because they had expired
 * @param probed about how many the gateway was asked
 * @param suspects how many of those answered 410; a second answer decides whether they are removed
 * @param unanswered for how many the gateway had no answer
 * @param drifts the counters that were repaired, each with how many too many it had shown; negative: too few
 * @param uncertain how many counters changed all the while, so that they may still show a few too many or too few
 * @param restarted the counters whose newest version had not been broadcast, and will be now
 * @param removedCounters how many counters were removed because nobody used them, see {@link
 *     io.github.visitorcounter.Setting#UNUSED_COUNTER_DAYS}
 * @param elapsed how long it took
 * @param complete false when the time was over before the end of the cycle; the next run goes on where this one stopped
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
