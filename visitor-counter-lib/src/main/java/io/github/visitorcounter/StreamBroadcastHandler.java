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
 * Broadcasts the newest count: the function that reads the stream of the table of counters.
 *
 * <p>It is invoked in three ways: with a batch of counters' records of the stream, directly with
 * {@code {"counterId":"site"}} by {@link DisconnectHandler}, and with wake-ups. All records of a counter in a batch
 * cause one broadcast, of the current count. One invocation at a time broadcasts a counter, no more often than
 * {@link Setting#MIN_BROADCAST_INTERVAL} and {@link Setting#BROADCAST_MESSAGES_PER_SECOND} allow. No invocation waits
 * longer than 250 ms; longer waits are left to a wake-up.
 *
 * <p><b>Wake-ups</b> are rows of the table of counters whose keys begin with {@code wake#}. A second event source
 * mapping of the same stream delivers their records to a second function with this handler. Its filter passes new
 * images of such keys, and its batching window, about one second, is the delay. The broadcast of a disconnect waits for
 * a wake-up too, unless another change is broadcast first ({@link Setting#DISCONNECT_DEBOUNCE}), so that a page reload
 * is invisible.
 *
 * <p>For an audience above {@link Setting#FAN_OUT_THRESHOLD} the function invokes itself, once for each segment; its
 * role should allow that ({@code lambda:InvokeFunction}). If it is not allowed or Lambda throttles, the invocation
 * sends all segments itself.
 *
 * <p>After the last change, every reachable client receives the newest count. Clients may receive a message twice, or
 * an older one after a newer one; the version in each message increases with every change, so that they can ignore
 * older ones.
 *
 * <p>Records whose broadcast failed and records of another table are reported as batch item failures: the event source
 * mapping needs {@code ReportBatchItemFailures}, a limit of retries, and an on-failure destination. The stream view
 * must be {@code NEW_IMAGE} or {@code NEW_AND_OLD_IMAGES}. Lambda retries an asynchronous invocation that fails. Events
 * of other services are logged as a warning and ignored.
 *
 * <p>You can use the class as it is or extend it. Several counters of a batch are broadcast concurrently, but the hooks
 * run on the invocation's thread, one after another. Exceptions of hooks and SnapStart are described in the
 * {@linkplain io.github.visitorcounter package documentation}.
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
     * Creates the handler with the settings of the environment. Lambda calls this constructor.
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
     * @param ports the test doubles that replace AWS
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config, Ports ports) {
        this.staleConnectionPolicy = config.get(Setting.STALE_CONNECTION_POLICY);
        this.processor = new BroadcastProcessor(config, ports.unwrap());
        this.timeSource = ports.unwrap().timeSource();
    }

    /** Broadcasts the counters that the event names. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        processor.handle(input, output, hooks, Invocation.begin(context, timeSource));
    }

    /**
     * Decides whether a stale connection is removed. A connection is stale if API Gateway answered 410 more than once,
     * at least one batching window apart, after its handshake must have finished. No other connection is removed
     * because of a 410: {@link ReconcileHandler} only requests a wake-up for its suspects, and that wake-up calls this
     * method. Runs once for each such connection. By default {@link Setting#STALE_CONNECTION_POLICY} decides.
     *
     * <p>It does not run for connections that have expired, or whose {@code $disconnect} was received: these are
     * removed.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged, and the connection is kept.
     * If it returns null, the connection is kept too.
     *
     * @param stale the connection
     * @return whether to remove the connection
     */
    protected StaleConnectionPolicy.Decision onStale(StaleConnection stale) {
        return staleConnectionPolicy.decide(stale);
    }

    /**
     * Runs after each broadcast request of a counter, whether this invocation sent the count or left it to another one;
     * not after a failed broadcast. By default it does nothing.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged, and Lambda does not retry
     * the broadcast.
     *
     * @param report the outcome and its figures
     */
    protected void onBroadcast(BroadcastReport report) {}
}
