package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.lambda.AnyEvent;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.LogLine;
import io.github.visitorcounter.internal.lambda.ReportLines;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.reconcile.Reconciler;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Compares the counters with the connections and repairs those that are wrong: the function that a schedule invokes, every few minutes.
 *
 * <p>It
 *
 * <ul>
 *   <li>removes connections that have expired;
 *   <li>probes the oldest {@link Setting#RECONCILE_PROBES} connections, and leaves those that answer 410 to a wake-up: {@link
 *       StreamBroadcastHandler} asks again, and {@link StreamBroadcastHandler#onStale} decides. This function never removes a connection
 *       because of a 410;
 *   <li>repairs each counter whose {@code live} differs from its connections, because rows were removed by DynamoDB's time to live
 *       or by hand, or a table was edited or restored. Visitors may come and go meanwhile: a counter that is right is never changed,
 *       a busy one is repaired as far as it is wrong for certain, and fully in a quieter moment. A counter whose row is lost gets a new
 *       one; its {@code total} then begins with those who are here;
 *   <li>requests a wake-up for each counter whose newest version has not been broadcast, and is not about to be.
 * </ul>
 *
 * <p>The event's content does not matter; any JSON will do, for instance from the Lambda console. The answer says what was repaired.
 * Everything may be done twice, by two invocations at once, or be cut anywhere. When there is no time for all connections in one
 * invocation the report says so, and counters are not repaired: give the function more time or memory.
 *
 * <p>Use the class as it stands or extend it. For threads and for what hooks may throw see {@linkplain io.github.visitorcounter the
 * package}. It is not primed before a snapshot: nobody waits for it.
 *
 * @since 0.1.0
 */
public class ReconcileHandler implements RequestStreamHandler {

    private final HandlerPorts ports;
    private final Reconciler.Settings settings;

    /**
     * Creates the handler with the settings of the environment, as Lambda does.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@link Setting#CALLBACK_URL} is missing although
     *     connections are to be probed
     */
    public ReconcileHandler() {
        this(VisitorCounterConfig.fromEnvironment());
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link Setting#CALLBACK_URL} is not set although connections are to be probed
     */
    protected ReconcileHandler(VisitorCounterConfig config) {
        this(config, Ports.aws(config));
        if (config.get(Setting.RECONCILE_PROBES) > 0) {
            config.get(Setting.CALLBACK_URL);
        }
    }

    /**
     * Creates the handler for a test.
     *
     * @param config the settings
     * @param ports what it works with instead of AWS
     */
    protected ReconcileHandler(VisitorCounterConfig config, Ports ports) {
        this.ports = ports.unwrap();
        this.settings = new Reconciler.Settings(
                config.get(Setting.RECONCILE_PROBES),
                config.get(Setting.HANDSHAKE_GRACE),
                config.get(Setting.COUNTING_MODE),
                new MaxLive(config.get(Setting.MAX_LIVE)));
    }

    /** Repairs what can be repaired. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, ports.timeSource());
        try {
            AnyEvent.read(input);
        } catch (InvalidEventException notJson) {
            invocation.log(LogLine.warn("Ignored event").with("detail", "not an event: " + notJson.getMessage()));
            output.write("{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        ReconcileReport report = reconciler().reconcile(invocation.failures(), invocation.deadline());
        ReportLines.reconcile(report).forEach(invocation::log);
        ports.metrics().record(report);
        try {
            onReconciled(report);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.log(LogLine.error("Hook failed")
                    .with("hook", "onReconciled")
                    .with("consequence", "what was repaired stays repaired")
                    .because(failure));
        }
        Responses.write(report, output);
    }

    private Reconciler reconciler() {
        return new Reconciler(
                settings,
                new Reconciler.Ports(
                        ports.reconcileStore(),
                        ports.counters(),
                        ports.leases(),
                        ports.wakeUps(),
                        ports.probe(),
                        ports.timeSource(),
                        ports.threads()));
    }

    /**
     * Runs after everything was done for which there was time; not when the tables could not be read or written. By default it does
     * nothing.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged; what was repaired stays repaired.
     *
     * @param report what was found and repaired
     */
    protected void onReconciled(ReconcileReport report) {}
}
