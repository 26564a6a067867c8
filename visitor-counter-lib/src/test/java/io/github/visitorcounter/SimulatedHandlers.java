package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.broadcast.Announcer;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/** The handlers as they are, with a clock and threads of a test. */
public final class SimulatedHandlers {

    private SimulatedHandlers() {}

    public static RequestStreamHandler connect(
            VisitorCounterConfig config, CounterStore counters, Timekeeper timekeeper) {
        return new ConnectHandler(config, counters, timekeeper);
    }

    public static RequestStreamHandler disconnect(
            CounterStore counters, @Nullable Announcer announcer, Timekeeper timekeeper) {
        return new DisconnectHandler(counters, announcer, timekeeper);
    }

    public static RequestStreamHandler message(
            VisitorCounterConfig config, ConnectionStore connections, CounterStore counters, Timekeeper timekeeper) {
        return new MessageHandler(config, connections, counters, timekeeper);
    }

    /** Scans one segment after another: what a scan waits for is no affair of the timekeeper. */
    public static RequestStreamHandler reconcile(
            VisitorCounterConfig config, ReconcilePorts ports, Timekeeper timekeeper) {
        return new ReconcileHandler(config, ports, timekeeper, Runnable::run, timekeeper::jitter);
    }

    public static RequestStreamHandler broadcast(
            VisitorCounterConfig config, BroadcastPorts ports, Timekeeper timekeeper, Executor pageReader) {
        return new StreamBroadcastHandler(config, ports, timekeeper, pageReader);
    }
}
