package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.internal.AwsReconcilePorts;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.lambda.AnyEvent;
import io.github.visitorcounter.internal.lambda.DaemonThreads;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.reconcile.ReconcileMetrics;
import io.github.visitorcounter.internal.reconcile.Reconciler;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * Holds the counters against the connections and heals what is wrong: the function that a schedule invokes, every few minutes.
 *
 * <p>It
 *
 * <ul>
 *   <li>counts out connections that have expired;
 *   <li>asks API Gateway about the oldest {@link VisitorCounterConfig#probes()} connections, and leaves those that answer 410 to a
 *       wake-up: {@link StreamBroadcastHandler} removes them when they answer 410 again;
 *   <li>repairs each counter whose {@code live} differs from its connections, because rows were removed by DynamoDB's time to live
 *       or by hand, or a table was edited or restored. Visitors may come and go meanwhile: a counter that is right is never changed,
 *       a busy one is repaired as far as it is wrong for certain, and fully in a quieter moment. A counter whose row is lost gets a new
 *       one; its {@code total} then begins with those who are here;
 *   <li>requests a wake-up for each counter whose newest version has not been broadcast, and is not about to be.
 * </ul>
 *
 * <p>The event's content does not matter; any JSON will do, for instance from the Lambda console. The answer says what was healed.
 * Everything may be done twice, by two invocations at once, or be cut anywhere. When there is no time for all connections in one
 * invocation the report says so, and counters are not repaired: give the function more time or memory.
 *
 * <p>It does not practise before a snapshot as the other handlers do: nobody waits for it.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another.
 *
 * @since 0.1.0
 */
public class ReconcileHandler implements RequestStreamHandler {

    private final Reconciler reconciler;
    private final ReconcileMetrics metrics;
    private final TimeSource timeSource;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@value VisitorCounterConfig#CALLBACK_URL} is missing although
     *     connections are to be probed
     */
    public ReconcileHandler() {
        this(VisitorCounterConfig.fromEnvironment());
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link VisitorCounterConfig#callbackUrl()} is null although connections are to be probed
     */
    protected ReconcileHandler(VisitorCounterConfig config) {
        this(config, AwsReconcilePorts.create(config, config.probes() == 0 ? null : config.requireCallbackUrl()));
    }

    /**
     * Creates the handler with its own ports.
     *
     * @param config the settings
     * @param ports what it works with
     */
    protected ReconcileHandler(VisitorCounterConfig config, ReconcilePorts ports) {
        this(
                config,
                ports,
                TimeSource.system(),
                DaemonThreads.many("visitor-counter-scan"),
                TimeSource.system()::jitter);
    }

    ReconcileHandler(
            VisitorCounterConfig config,
            ReconcilePorts ports,
            TimeSource timeSource,
            Executor scanners,
            DoubleSupplier random) {
        this.metrics = ports.metrics();
        this.timeSource = timeSource;
        this.reconciler = new Reconciler(
                new Reconciler.Settings(
                        config.probes(), config.handshakeGrace(), config.countingMode(), new MaxLive(config.maxLive())),
                new Reconciler.Ports(
                        ports.store(),
                        ports.counters(),
                        ports.leases(),
                        ports.wakeUps(),
                        ports.probe(),
                        timeSource,
                        scanners,
                        random));
    }

    /** Heals what can be healed. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        try {
            AnyEvent.read(input);
        } catch (InvalidEventException notJson) {
            invocation.warn("Ignored what is no event: " + notJson.getMessage());
            output.write("{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        ReconcileReport report = reconciler.reconcile(invocation.deadline());
        invocation.info(report.toString());
        metrics.record(report);
        try {
            onReconciled(report);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("onReconciled() failed; what was healed stays healed", failure);
        }
        Responses.write(report, output);
    }

    /**
     * Runs after everything was done for which there was time; not when the tables could not be read or written. By default it does
     * nothing. Whatever it throws, except a {@link VirtualMachineError}, is logged.
     *
     * @param report what was healed
     */
    protected void onReconciled(ReconcileReport report) {}
}
