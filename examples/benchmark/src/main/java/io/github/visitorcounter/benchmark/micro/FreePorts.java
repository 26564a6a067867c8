package io.github.visitorcounter.benchmark.micro;

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

import java.util.concurrent.Executor;
import java.util.function.Function;

/** Ports with a {@link FreeCounterStore} only. */
final class FreePorts implements HandlerPorts {

    private final CounterStore counters = new FreeCounterStore();
    private final TimeSource timeSource = TimeSource.system();

    @Override
    public CounterStore counters() {
        return counters;
    }

    @Override
    public TimeSource timeSource() {
        return timeSource;
    }

    @Override
    public Metrics metrics() {
        return Metrics.NONE;
    }

    @Override
    public ConnectionStore connections() {
        throw notNeeded();
    }

    @Override
    public IpRateLimiter ipRateLimiter() {
        throw notNeeded();
    }

    @Override
    public NewCounterLimiter newCounterLimiter() {
        throw notNeeded();
    }

    @Override
    public BroadcastRequester broadcastRequester() {
        throw notNeeded();
    }

    @Override
    public LeaseStore leases() {
        throw notNeeded();
    }

    @Override
    public WakeUps wakeUps() {
        throw notNeeded();
    }

    @Override
    public Poster poster() {
        throw notNeeded();
    }

    @Override
    public Function<String, SegmentInvoker> segments() {
        throw notNeeded();
    }

    @Override
    public ReconcileStore reconcileStore() {
        throw notNeeded();
    }

    @Override
    public ConnectionProbe probe() {
        throw notNeeded();
    }

    @Override
    public Executor threads() {
        throw notNeeded();
    }

    private static UnsupportedOperationException notNeeded() {
        return new UnsupportedOperationException("A connect needs no other port");
    }
}
