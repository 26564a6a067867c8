package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.internal.lambda.BroadcastProcessor;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.TimeSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Broadcasts the newest count: the function behind the stream of the table of counters.
 *
 * <p>It is invoked in three ways: with a batch of counters' records of the stream, directly with {@code {"counterId":"site"}} by
 * {@link DisconnectHandler}, and with wake-ups. Any number of records of a counter are one broadcast, of the count as it is now
 * rather than as the records show it. One invocation at a time broadcasts a counter, no more often than {@link
 * Setting#MIN_BROADCAST_INTERVAL} and {@link Setting#BROADCAST_MESSAGES_PER_SECOND} allow. No invocation waits longer
 * than a quarter of a second: what has to wait is left to a wake-up.
 *
 * <p><b>Wake-ups</b> are rows of the table of counters whose keys begin with {@code wake#}. Their records come back through a second
 * event source mapping of the same stream, to a second function with this handler: its filter admits new images of such keys, and
 * its batching window, one second or so, is the clock. A disconnect waits for a wake-up too, unless another change is broadcast
 * before ({@link Setting#DISCONNECT_DEBOUNCE}): nobody sees the number change when a page reloads.
 *
 * <p>For an audience above {@link Setting#FAN_OUT_THRESHOLD} the function invokes itself, once for each segment; its
 * role should allow it ({@code lambda:InvokeFunction}). Otherwise, or when Lambda throttles, it sends all segments itself.
 *
 * <p>When changes stop, every reachable client has received the newest count. Clients may receive a message twice, and an older
 * one after a newer one: messages carry a version that only grows.
 *
 * <p>Records whose broadcast failed are reported as failed items, and so are records of another table: the event source mapping
 * needs {@code ReportBatchItemFailures}, a limit of retries, and an on-failure destination. The stream view must be {@code NEW_IMAGE}
 * or {@code NEW_AND_OLD_IMAGES}. Lambda retries an asynchronous invocation that fails. Events of other services are logged as a
 * warning and ignored.
 *
 * <p>Use the class as it stands or extend it. Several counters of a batch are broadcast at the same time, but the hooks run on the
 * invocation's thread, one after another. For what hooks may throw and for SnapStart see {@linkplain io.github.visitorcounter the
 * package}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">partial batch
 *     responses</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html">batching windows</a>
 * @since 0.1.0
 */
public class StreamBroadcastHandler implements RequestStreamHandler {

    private final StaleConnectionPolicy staleConnectionPolicy;
    private final BroadcastProcessor processor;
    private final TimeSource timeSource;

    private final BroadcastProcessor.Hooks hooks = new BroadcastProcessor.Hooks() {
        @Override
        public StaleConnectionPolicy.Decision onStale(StaleConnection stale) {
            return StreamBroadcastHandler.this.onStale(stale);
        }

        @Override
        public void onBroadcast(BroadcastReport report) {
            StreamBroadcastHandler.this.onBroadcast(report);
        }
    };

    /**
     * Creates the handler with the settings of the environment, as Lambda does.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@link Setting#CALLBACK_URL} is missing
     */
    public StreamBroadcastHandler() {
        this(VisitorCounterConfig.fromEnvironment(Setting.CALLBACK_URL));
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link Setting#CALLBACK_URL} is not set
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config) {
        this(config, Ports.aws(config));
        SnapStart.prepare(processor::buildClients, Priming.broadcast(config, config.get(Setting.CALLBACK_URL)));
    }

    /**
     * Creates the handler for a test.
     *
     * @param config the settings
     * @param ports what it works with instead of AWS
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config, Ports ports) {
        this.staleConnectionPolicy = config.get(Setting.STALE_CONNECTION_POLICY);
        this.processor = new BroadcastProcessor(config, ports.unwrap());
        this.timeSource = ports.unwrap().timeSource();
    }

    /** Broadcasts what changed. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        processor.handle(input, output, hooks, Invocation.begin(context, timeSource));
    }

    /**
     * Decides about a stale connection: a broadcast or a wake-up was answered 410 for it more than once, at least one batching window
     * apart, although its handshake must have finished. No other connection is removed because of a 410: suspects that {@link
     * ReconcileHandler} finds are left to a wake-up, which ends here. Runs once for each such connection. By default {@link
     * Setting#STALE_CONNECTION_POLICY} decides.
     *
     * <p>It does not decide about connections that have expired, nor about those for which {@code $disconnect} came: those are removed.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged, and the connection is kept; so it is when it returns null.
     *
     * @param stale the connection
     * @return whether the connection is removed
     */
    protected StaleConnectionPolicy.Decision onStale(StaleConnection stale) {
        return staleConnectionPolicy.decide(stale);
    }

    /**
     * Runs after an invocation has done what it could for a counter, whether it broadcast the count or left that to another invocation;
     * not after one that failed. By default it does nothing.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged; what was sent stays sent, and Lambda does not retry it.
     *
     * @param report what was done
     */
    protected void onBroadcast(BroadcastReport report) {}
}
