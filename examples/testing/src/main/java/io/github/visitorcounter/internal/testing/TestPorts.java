package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.Ports;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.function.Function;

/** The ports of a test. By default they are in memory, do nothing, or are null. Immutable. */
public record TestPorts(
        CounterStore counters,
        ConnectionStore connections,
        IpRateLimiter ipRateLimiter,
        NewCounterLimiter newCounterLimiter,
        @Nullable BroadcastRequester broadcastRequester,
        LeaseStore leases,
        WakeUps wakeUps,
        Poster poster,
        Function<String, SegmentInvoker> segments,
        ReconcileStore reconcileStore,
        ConnectionProbe probe,
        Metrics metrics,
        TimeSource timeSource,
        Executor threads)
        implements HandlerPorts {

    /** Returns ports with all tables in memory. */
    public static TestPorts of(InMemoryStore store, TimeSource timeSource) {
        return of(store, store, store, timeSource);
    }

    /** Returns ports with a store of counters. */
    public static TestPorts of(CounterStore counters, TimeSource timeSource) {
        return of(counters, null, null, timeSource);
    }

    public static TestPorts of(
            CounterStore counters,
            @Nullable ConnectionStore connections,
            @Nullable ReconcileStore reconcileStore,
            TimeSource timeSource) {
        return new TestPorts(
                counters,
                connections,
                new InMemoryIpRateLimiter(),
                NewCounterLimiter.NONE,
                null,
                new InMemoryLeaseStore(),
                new InMemoryWakeUps(),
                new FakePoster(),
                arn -> SegmentInvoker.NONE,
                reconcileStore,
                ConnectionProbe.NONE,
                Metrics.NONE,
                timeSource,
                Runnable::run);
    }

    /** Returns the argument of a handler's constructor. */
    public Ports ports() {
        return Ports.of(this);
    }

    public TestPorts withConnections(ConnectionStore other) {
        return copy(other, ipRateLimiter, broadcastRequester, probe, metrics, threads);
    }

    public TestPorts withIpRateLimiter(IpRateLimiter other) {
        return copy(connections, other, broadcastRequester, probe, metrics, threads);
    }

    public TestPorts withNewCounterLimiter(NewCounterLimiter other) {
        return new TestPorts(
                counters,
                connections,
                ipRateLimiter,
                other,
                broadcastRequester,
                leases,
                wakeUps,
                poster,
                segments,
                reconcileStore,
                probe,
                metrics,
                timeSource,
                threads);
    }

    public TestPorts withRequester(@Nullable BroadcastRequester other) {
        return copy(connections, ipRateLimiter, other, probe, metrics, threads);
    }

    public TestPorts withProbe(ConnectionProbe other) {
        return copy(connections, ipRateLimiter, broadcastRequester, other, metrics, threads);
    }

    public TestPorts withMetrics(Metrics other) {
        return copy(connections, ipRateLimiter, broadcastRequester, probe, other, threads);
    }

    public TestPorts withThreads(Executor other) {
        return copy(connections, ipRateLimiter, broadcastRequester, probe, metrics, other);
    }

    /** Replaces the ports of a broadcast. */
    public TestPorts withBroadcast(LeaseStore otherLeases, WakeUps otherWakeUps, Poster otherPoster) {
        return new TestPorts(
                counters,
                connections,
                ipRateLimiter,
                newCounterLimiter,
                broadcastRequester,
                otherLeases,
                otherWakeUps,
                otherPoster,
                segments,
                reconcileStore,
                probe,
                metrics,
                timeSource,
                threads);
    }

    private TestPorts copy(
            ConnectionStore otherConnections,
            IpRateLimiter otherLimiter,
            @Nullable BroadcastRequester otherRequester,
            ConnectionProbe otherProbe,
            Metrics otherMetrics,
            Executor otherThreads) {
        return new TestPorts(
                counters,
                otherConnections,
                otherLimiter,
                newCounterLimiter,
                otherRequester,
                leases,
                wakeUps,
                poster,
                segments,
                reconcileStore,
                otherProbe,
                otherMetrics,
                timeSource,
                otherThreads);
    }
}
