package io.github.visitorcounter.simulation;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The settings of a deployed stack.
 *
 * @param broadcastMessagesPerSecond the message budget
 * @param minBroadcastInterval the shortest time between two passes
 * @param fanOutThreshold the audience from which on a pass is divided
 * @param concurrency posts under way at once
 * @param handshakeGrace how old a connection must be for its 410 to mean that it is gone
 * @param wakeUpWindow the batching window of the event source mapping for wake-ups
 * @param debounces whether disconnects wait for a wake-up
 * @param indexed whether connections are read by an index
 * @param filters whether the event source mapping has the filter that the documentation asks for
 * @param announces whether departures are announced by invoking; the stream's filter leaves them out then
 * @param mayInvokeItself whether the broadcasting function's role allows it to
 * @param pageSize connections in a page
 * @param timeout of the broadcasting function
 * @param batchSize of the event source mapping
 * @param asyncRetries of the broadcasting function
 */
record Deployment(
        int broadcastMessagesPerSecond,
        Duration minBroadcastInterval,
        int fanOutThreshold,
        int concurrency,
        Duration handshakeGrace,
        Duration wakeUpWindow,
        boolean debounces,
        boolean indexed,
        boolean filters,
        boolean announces,
        boolean mayInvokeItself,
        int pageSize,
        Duration timeout,
        int batchSize,
        int asyncRetries) {

    /** As the templates deploy it. */
    static final Deployment STANDARD = new Deployment(
            100,
            Duration.ofMillis(250),
            2_000,
            256,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            true,
            false,
            true,
            true,
            true,
            1_000,
            Duration.ofSeconds(60),
            1_000,
            1);

    /** As the templates deploy it for many counters. */
    static final Deployment MANY_COUNTERS = new Deployment(
            100,
            Duration.ofMillis(250),
            2_000,
            256,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            true,
            true,
            true,
            true,
            true,
            1_000,
            Duration.ofSeconds(60),
            1_000,
            1);

    static Deployment draw(Randomness dice) {
        // Without a filter, wake-ups come at once: small batches could not keep up with them.
        boolean filters = dice.chance(0.9);
        return new Deployment(
                dice.one(List.of(1, 2, 5, 20, 100, 1_000)),
                Duration.ofMillis(dice.one(List.of(0, 10, 250, 250, 1_000, 5_000))),
                dice.one(List.of(3, 6, 2_000, 2_000)),
                dice.one(List.of(1, 2, 8, 256)),
                Duration.ofSeconds(10),
                Duration.ofMillis(dice.one(List.of(filters ? 0 : 1_000, 1_000, 1_000, 5_000))),
                dice.chance(0.8),
                dice.chance(0.4),
                filters,
                dice.chance(0.5),
                dice.chance(0.85),
                dice.one(List.of(1, 2, 5, 1_000)),
                Duration.ofSeconds(dice.one(List.of(15, 30, 60, 60))),
                dice.one(List.of(filters ? 1 : 100, filters ? 3 : 100, 100, 1_000)),
                dice.between(1, 2));
    }

    /** One post at a time, or two, and mostly too little time. */
    Deployment slow(Randomness dice) {
        return new Deployment(
                dice.one(List.of(20, 100, 1_000)),
                minBroadcastInterval,
                fanOutThreshold,
                dice.between(1, 2),
                handshakeGrace,
                wakeUpWindow,
                debounces,
                indexed,
                filters,
                announces,
                mayInvokeItself,
                dice.one(List.of(1, 2, 5)),
                Duration.ofSeconds(dice.one(List.of(15, 60))),
                batchSize,
                asyncRetries);
    }

    VisitorCounterConfig config(Set<String> counters, VisitorBehaviour habits) {
        VisitorCounterConfig.Builder config = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, counters)
                .set(Setting.RECONCILE_PROBES, 100)
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.VISIT_TIMEOUT, habits.visitTimeout())
                .set(Setting.COUNTING_MODE, habits.countingMode())
                .set(Setting.BROADCAST_MESSAGES_PER_SECOND, broadcastMessagesPerSecond)
                .set(Setting.MIN_BROADCAST_INTERVAL, minBroadcastInterval)
                .set(Setting.FAN_OUT_THRESHOLD, fanOutThreshold)
                .set(Setting.POST_CONCURRENCY, concurrency)
                .set(Setting.HANDSHAKE_GRACE, handshakeGrace)
                .set(Setting.DISCONNECT_DEBOUNCE, debounces);
        return indexed
                ? config.set(Setting.COUNTER_INDEX, MemoryDynamoDb.BY_COUNTER).build()
                : config.build();
    }
}
