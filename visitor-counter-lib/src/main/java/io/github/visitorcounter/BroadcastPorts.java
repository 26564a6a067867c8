package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.BroadcastMetrics;
import io.github.visitorcounter.broadcast.LeaseStore;
import io.github.visitorcounter.broadcast.Poster;
import io.github.visitorcounter.broadcast.Relay;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;

import java.util.function.Function;

/**
 * What a {@link StreamBroadcastHandler} works with.
 *
 * @param connections who is told
 * @param counters what they are told
 * @param leases who may tell them
 * @param poster how they are told
 * @param relays makes the way to other invocations of the function, by the ARN that it was invoked by; called for each
 *     invocation
 * @param metrics counts broadcasts
 */
public record BroadcastPorts(
        ConnectionStore connections,
        CounterStore counters,
        LeaseStore leases,
        Poster poster,
        Function<String, Relay> relays,
        BroadcastMetrics metrics) {}
