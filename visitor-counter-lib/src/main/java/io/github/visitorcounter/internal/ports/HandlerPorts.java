package io.github.visitorcounter.internal.ports;

import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the handlers work with. A handler calls what it needs when it needs it, as often as it likes: each method returns the same
 * object, or an equal one, each time. On AWS, the first call builds the client. Thread-safe.
 */
public interface HandlerPorts {

    CounterStore counters();

    ConnectionStore connections();

    IpRateLimiter ipRateLimiter();

    /** Requests broadcasts of disconnects; null where the stream does. */
    @Nullable
    BroadcastRequester broadcastRequester();

    LeaseStore leases();

    WakeUps wakeUps();

    Poster poster();

    /** Makes what invokes the function for segments of an audience, from the ARN that the function was invoked by. */
    Function<String, SegmentInvoker> segments();

    ReconcileStore reconcileStore();

    ConnectionProbe probe();

    Metrics metrics();

    TimeSource timeSource();

    /** Threads for what a handler does at the same time, as many as it asks for. */
    Executor threads();
}
