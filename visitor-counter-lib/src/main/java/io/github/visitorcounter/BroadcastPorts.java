package io.github.visitorcounter;

import io.github.visitorcounter.internal.broadcast.BroadcastMetrics;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;

import java.util.function.Function;

/**
 * What a {@link StreamBroadcastHandler} works with.
 *
 * @param connections reads the audience
 * @param counters reads counts, and removes stale connections
 * @param leases decides who may broadcast, and keeps the message budget
 * @param wakeUps the clock of the broadcasts
 * @param poster posts messages
 * @param segments makes what invokes the function for segments of an audience, from the ARN that it was invoked by; called for
 *     each invocation
 * @param metrics records broadcasts
 * @since 0.1.0
 */
public record BroadcastPorts(
        ConnectionStore connections,
        CounterStore counters,
        LeaseStore leases,
        WakeUps wakeUps,
        Poster poster,
        Function<String, SegmentInvoker> segments,
        BroadcastMetrics metrics) {}
