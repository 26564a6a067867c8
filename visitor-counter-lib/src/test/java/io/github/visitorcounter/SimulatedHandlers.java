package io.github.visitorcounter;

import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.TimeSource;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/** The handlers as they are, with a clock and threads of a test. */
public final class SimulatedHandlers {

    private SimulatedHandlers() {}

    public static RequestStreamHandler connect(
            VisitorCounterConfig config, CounterStore counters, TimeSource timekeeper) {
        return new ConnectHandler(config, counters, timekeeper);
    }

    public static RequestStreamHandler disconnect(
            CounterStore counters, @Nullable BroadcastRequester announcer, TimeSource timekeeper) {
        return new DisconnectHandler(counters, announcer, timekeeper);
    }

    public static RequestStreamHandler message(
            VisitorCounterConfig config, ConnectionStore connections, CounterStore counters, TimeSource timekeeper) {
        return new MessageHandler(config, connections, counters, timekeeper);
    }

    /** Scans one segment after another: what a scan waits for is no affair of the timekeeper. */
    public static RequestStreamHandler reconcile(
            VisitorCounterConfig config, ReconcilePorts ports, TimeSource timekeeper) {
        return new ReconcileHandler(config, ports, timekeeper, Runnable::run, timekeeper::jitter);
    }

    public static RequestStreamHandler broadcast(
            VisitorCounterConfig config, BroadcastPorts ports, TimeSource timekeeper, Executor pageReader) {
        return new StreamBroadcastHandler(config, ports, timekeeper, pageReader);
    }
}
