package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/** The handlers as they are, with a clock and threads of a test. */
public final class SimulatedHandlers {

    private SimulatedHandlers() {}

    public static RequestStreamHandler connect(
            VisitorCounterConfig config, CounterStore counters, TimeSource timeSource) {
        return new ConnectHandler(config, counters, timeSource);
    }

    public static RequestStreamHandler disconnect(
            CounterStore counters, @Nullable BroadcastRequester announcer, TimeSource timeSource) {
        return new DisconnectHandler(counters, announcer, timeSource);
    }

    public static RequestStreamHandler message(
            VisitorCounterConfig config, ConnectionStore connections, CounterStore counters, TimeSource timeSource) {
        return new MessageHandler(config, connections, counters, timeSource);
    }

    /** Scans one segment after another: what a scan waits for is no affair of the timeSource. */
    public static RequestStreamHandler reconcile(
            VisitorCounterConfig config, ReconcilePorts ports, TimeSource timeSource) {
        return new ReconcileHandler(config, ports, timeSource, Runnable::run, timeSource::jitter);
    }

    public static RequestStreamHandler broadcast(
            VisitorCounterConfig config, BroadcastPorts ports, TimeSource timeSource, Executor pageReader) {
        return new StreamBroadcastHandler(config, ports, timeSource, pageReader);
    }
}
