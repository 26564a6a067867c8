package io.github.visitorcounter.internal.ports;

import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The adapters that the handlers use. On AWS, the first call of a method creates the client that it needs; all objects
 * share the clients. Thread-safe.
 */
public interface HandlerPorts {

    CounterStore counters();

    ConnectionStore connections();

    IpRateLimiter ipRateLimiter();

    NewCounterLimiter newCounterLimiter();

    /** Requests the broadcasts after disconnects; null if the stream triggers them. */
    @Nullable
    BroadcastRequester broadcastRequester();

    LeaseStore leases();

    WakeUps wakeUps();

    Poster poster();

    /** Creates the invoker of segments, from the ARN through which the function was invoked. */
    Function<String, SegmentInvoker> segments();

    ReconcileStore reconcileStore();

    ConnectionProbe probe();

    Metrics metrics();

    TimeSource timeSource();

    /** Runs concurrent tasks of a handler, without a limit of the number of threads. */
    Executor threads();
}
