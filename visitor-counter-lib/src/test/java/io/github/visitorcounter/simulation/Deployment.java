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
 * @param fanOutThreshold the audience above which a pass is split
 * @param concurrency the maximum of concurrent posts
 * @param handshakeGrace the age from which a 410 means that a connection is closed
 * @param wakeUpWindow the batching window of the event source mapping for wake-ups
 * @param debounces whether disconnects wait for a wake-up
 * @param indexed whether connections are read from an index
 * @param filters whether the event source mapping has the documented filter
 * @param requestsBroadcasts whether a disconnect invokes the broadcast function; the stream's filter then skips it
 * @param mayInvokeItself whether the role of the broadcast function allows it
 * @param pageSize connections in a page
 * @param timeout of the broadcast function
 * @param batchSize of the event source mapping
 * @param asyncRetries of the broadcast function
 * @param site whether {@link #SITE} counts the connections of all counters
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
        boolean requestsBroadcasts,
        boolean mayInvokeItself,
        int pageSize,
        Duration timeout,
        int batchSize,
        int asyncRetries,
        boolean site) {

    /** The site counter, which pages may choose, too. */
    static final String SITE = "site";

    /** The settings of the templates. */
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
            1,
            false);

    /** The settings of the templates for many counters. */
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
            1,
            false);

    static Deployment draw(Randomness random) {
        // Without a filter, wake-ups are delivered at once, which is too much for small batches.
        boolean filters = random.chance(0.9);
        return new Deployment(
                random.one(List.of(1, 2, 5, 20, 100, 1_000)),
                Duration.ofMillis(random.one(List.of(0, 10, 250, 250, 1_000, 5_000))),
                random.one(List.of(3, 6, 2_000, 2_000)),
                random.one(List.of(1, 2, 8, 256)),
                Duration.ofSeconds(10),
                Duration.ofMillis(random.one(List.of(filters ? 0 : 1_000, 1_000, 1_000, 5_000))),
                random.chance(0.8),
                random.chance(0.4),
                filters,
                random.chance(0.5),
                random.chance(0.85),
                random.one(List.of(1, 2, 5, 1_000)),
                Duration.ofSeconds(random.one(List.of(15, 30, 60, 60))),
                random.one(List.of(filters ? 1 : 100, filters ? 3 : 100, 100, 1_000)),
                random.between(1, 2),
                false);
    }

    Deployment withSite(boolean now) {
        return new Deployment(
                broadcastMessagesPerSecond,
                minBroadcastInterval,
                fanOutThreshold,
                concurrency,
                handshakeGrace,
                wakeUpWindow,
                debounces,
                indexed,
                filters,
                requestsBroadcasts,
                mayInvokeItself,
                pageSize,
                timeout,
                batchSize,
                asyncRetries,
                now);
    }

    /** Has a small budget and a long interval. */
    Deployment waiting(int messagesPerSecond, Duration interval) {
        return new Deployment(
                messagesPerSecond,
                interval,
                fanOutThreshold,
                concurrency,
                handshakeGrace,
                wakeUpWindow,
                debounces,
                indexed,
                filters,
                requestsBroadcasts,
                mayInvokeItself,
                pageSize,
                timeout,
                batchSize,
                asyncRetries,
                site);
    }

    /** Allows one or two concurrent posts, and usually too short a timeout. */
    Deployment slow(Randomness random) {
        return new Deployment(
                random.one(List.of(20, 100, 1_000)),
                minBroadcastInterval,
                fanOutThreshold,
                random.between(1, 2),
                handshakeGrace,
                wakeUpWindow,
                debounces,
                indexed,
                filters,
                requestsBroadcasts,
                mayInvokeItself,
                random.one(List.of(1, 2, 5)),
                Duration.ofSeconds(random.one(List.of(15, 60))),
                batchSize,
                asyncRetries,
                site);
    }

    VisitorCounterConfig config(Set<String> counters, VisitorBehaviour behaviour) {
        VisitorCounterConfig.Builder config = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, counters)
                .set(Setting.RECONCILE_PROBES, 100)
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.VISIT_TIMEOUT, behaviour.visitTimeout())
                .set(Setting.COUNTING_MODE, behaviour.countingMode())
                .messageFormat(behaviour.format())
                .set(Setting.BROADCAST_MESSAGES_PER_SECOND, broadcastMessagesPerSecond)
                .set(Setting.MIN_BROADCAST_INTERVAL, minBroadcastInterval)
                .set(Setting.FAN_OUT_THRESHOLD, fanOutThreshold)
                .set(Setting.POST_CONCURRENCY, concurrency)
                .set(Setting.HANDSHAKE_GRACE, handshakeGrace)
                .set(Setting.DISCONNECT_DEBOUNCE, debounces)
                .set(Setting.WATCHERS, behaviour.watches() > 0);
        if (site) {
            config.set(Setting.SITE_COUNTER, SITE);
        }
        return indexed
                ? config.set(Setting.COUNTER_INDEX, MemoryDynamoDb.BY_COUNTER).build()
                : config.build();
    }
}
