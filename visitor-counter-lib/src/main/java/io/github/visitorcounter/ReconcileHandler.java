package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.internal.count.AllowedCounters;
import io.github.visitorcounter.internal.count.LiveLimits;
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
import java.time.Duration;

/**
 * Compares the counters with the connections and repairs those that are wrong: the function that a schedule invokes,
 * every few minutes.
 *
 * <p>It
 *
 * <ul>
 *   <li>removes connections that have expired;
 *   <li>probes the oldest {@link Setting#RECONCILE_PROBES} connections, and requests a wake-up for those that answer
 *       410: {@link StreamBroadcastHandler} probes them again, and {@link StreamBroadcastHandler#onStale} decides. This
 *       function never removes a connection because of a 410;
 *   <li>repairs each counter whose {@code live} differs from its connections, because rows were removed by DynamoDB's
 *       time to live or by hand, or a table was edited or restored. Visitors may connect and disconnect meanwhile: a
 *       correct counter is never changed; a busy one is repaired as far as it is provably wrong, and completely in a
 *       quieter moment. A counter whose row is lost gets a new one, whose {@code total} begins with the current
 *       {@code live};
 *   <li>requests a wake-up for each counter whose newest version has not been broadcast, unless a broadcast is due
 *       soon;
 *   <li>removes each counter that only a wildcard admits, that has no connection, and that has not changed for
 *       {@link Setting#UNUSED_COUNTER_DAYS}. Its {@code total} is removed with it; counters that the settings name are
 *       never removed.
 * </ul>
 *
 * <p>The event can be any JSON, for instance a test event of the Lambda console. The response is the report. All writes
 * are idempotent: runs may be repeated, run concurrently, or be interrupted at any point.
 *
 * <p>It reads the counters in batches of about 50,000, and all connections for each batch: a counter is compared with
 * all of its connections, scanned between two reads of the counter. A run that has time for some batches only saves
 * where it stopped, in the row {@code reconcile#progress} of the table of counters, and the next run continues there. A
 * run that has no time for all connections repairs nothing and reports it, see {@link ReconcileReport#complete()}: give
 * the function more time or memory.
 *
 * <p>You can use the class as it is or extend it. Threads and exceptions of hooks are described in the
 * {@linkplain io.github.visitorcounter package documentation}. The handler is not primed before a snapshot, because no
 * visitor waits for it.
 *
 * @since 0.1.0
 */
public class ReconcileHandler implements RequestStreamHandler {

    private final HandlerPorts ports;
    private final Reconciler.Settings settings;

    /**
     * Creates the handler with the settings of the environment. Lambda calls this constructor.
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
     * @throws InvalidConfigurationException if {@link Setting#CALLBACK_URL} is not set although connections are to be
     *     probed
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
     * @param ports the test doubles that replace AWS
     */
    protected ReconcileHandler(VisitorCounterConfig config, Ports ports) {
        this.ports = ports.unwrap();
        this.settings = new Reconciler.Settings(
                config.get(Setting.RECONCILE_PROBES),
                config.get(Setting.HANDSHAKE_GRACE),
                config.get(Setting.COUNTING_MODE),
                new LiveLimits(
                        config.get(Setting.MAX_LIVE),
                        config.find(Setting.SITE_COUNTER).orElse(null)),
                config.get(Setting.WATCHERS),
                new AllowedCounters(config.get(Setting.ALLOWED_COUNTERS)),
                unusedAfter(config),
                config.messageFormat(),
                Reconciler.Limits.STANDARD);
    }

    /** A resumed visit does not add to {@code total}, so a counter must be kept while its visits can be resumed. */
    private static Duration unusedAfter(VisitorCounterConfig config) {
        int days = config.get(Setting.UNUSED_COUNTER_DAYS);
        return days == 0 ? Duration.ZERO : Duration.ofDays(days).plus(config.get(Setting.VISIT_TIMEOUT));
    }

    /** Runs the reconcile job and writes its report. */
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
     * Runs at the end of each run, except if the tables could not be read or written. By default it does nothing.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged; repairs are kept.
     *
     * @param report what was found and repaired
     */
    protected void onReconciled(ReconcileReport report) {}
}
