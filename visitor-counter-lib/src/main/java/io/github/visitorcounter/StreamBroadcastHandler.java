package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.internal.AwsBroadcastPorts;
import io.github.visitorcounter.internal.broadcast.BroadcastMetrics;
import io.github.visitorcounter.internal.broadcast.Broadcaster;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.lambda.BroadcastRequest;
import io.github.visitorcounter.internal.lambda.DaemonThreads;
import io.github.visitorcounter.internal.lambda.HookThread;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.InvocationPayloads;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.lambda.StreamBatch;
import io.github.visitorcounter.internal.lambda.StreamEvents;
import io.github.visitorcounter.internal.lambda.StreamRecord;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.TimeSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Broadcasts the newest count: the function behind the stream of the table of counters.
 *
 * <p>It is invoked in three ways: with a batch of counters' records of the stream, directly with {@code {"counterId":"site"}} by
 * {@link DisconnectHandler}, and with wake-ups. Any number of records of a counter are one broadcast, of the count as it is now
 * rather than as the records show it. One invocation at a time broadcasts a counter, no more often than {@link
 * VisitorCounterConfig#minBroadcastInterval()} and {@link VisitorCounterConfig#broadcastMessagesPerSecond()} allow. No invocation waits longer
 * than a quarter of a second: what has to wait is left to a wake-up.
 *
 * <p><b>Wake-ups</b> are rows of the table of counters whose keys begin with {@code wake#}. Their records come back through a second
 * event source mapping of the same stream, to a second function with this handler: its filter admits new images of such keys, and
 * its batching window, one second or so, is the clock. A disconnect waits for a wake-up too, unless another change is broadcast
 * before ({@link VisitorCounterConfig#disconnectDebounce()}): nobody sees the number change when a page reloads.
 *
 * <p>For an audience above {@link VisitorCounterConfig#fanOutThreshold()} the function invokes itself, once for each segment; its
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
 * <p>Where Lambda takes a snapshot of the function (SnapStart), the handler is primed before it, unless its ports were given to
 * it: it reads a sample batch and broadcasts a counter that cannot exist to a connection that cannot exist. It writes nothing, calls
 * none of the methods below, uses nothing that it will use later, and takes ten seconds at most; when it fails, that is logged,
 * and the first invocation is slower.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another.
 * Several counters of a batch are broadcast at the same time, but the hooks run on the invocation's thread, one after another.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">partial batch
 *     responses</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html">batching windows</a>
 * @since 0.1.0
 */
public class StreamBroadcastHandler implements RequestStreamHandler {

    /** Each has as many posts under way as the settings allow, and few batches have so many. */
    private static final int MAX_COUNTERS_AT_ONCE = 8;

    private final StaleConnectionPolicy staleConnectionPolicy;
    private final MessageFormat format;
    private final Broadcaster broadcaster;
    private final Function<String, SegmentInvoker> segments;
    private final BroadcastMetrics metrics;
    private final TimeSource timeSource;
    private final Executor threads;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@value VisitorCounterConfig#CALLBACK_URL} is missing
     */
    public StreamBroadcastHandler() {
        this(VisitorCounterConfig.fromEnvironment(VisitorCounterConfig.CALLBACK_URL));
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link VisitorCounterConfig#callbackUrl()} is null
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config) {
        this(config, AwsBroadcastPorts.create(config, config.requireCallbackUrl()));
        SnapStart.primedBy(Priming.broadcast(config, config.requireCallbackUrl()));
    }

    /**
     * Creates the handler with its own ports.
     *
     * @param config the settings
     * @param ports what it works with
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config, BroadcastPorts ports) {
        this(config, ports, TimeSource.system(), DaemonThreads.many("visitor-counter-broadcast"));
    }

    StreamBroadcastHandler(VisitorCounterConfig config, BroadcastPorts ports, TimeSource timeSource, Executor threads) {
        this.staleConnectionPolicy = config.staleConnectionPolicy();
        this.format = config.messageFormat();
        this.segments = ports.segments();
        this.metrics = ports.metrics();
        this.timeSource = timeSource;
        this.threads = threads;
        this.broadcaster = new Broadcaster(
                new Broadcaster.Settings(
                        config.postConcurrency(),
                        config.handshakeGrace(),
                        config.broadcastMessagesPerSecond(),
                        config.minBroadcastInterval(),
                        config.disconnectDebounce(),
                        config.fanOutThreshold()),
                new Broadcaster.Ports(
                        ports.connections(),
                        ports.counters(),
                        ports.leases(),
                        ports.wakeUps(),
                        ports.poster(),
                        timeSource,
                        threads));
    }

    /** Broadcasts what changed. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        BroadcastRequest request;
        try {
            request = StreamEvents.read(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Ignored an event that asks for no broadcast: " + invalid.getMessage());
            Responses.write(Responses.stream(List.of()), output);
            return;
        }
        Run run = new Run(invocation, context);
        if (request instanceof BroadcastRequest.Segment segment) {
            String report = InvocationPayloads.report(run.broadcasts.send(segment.request()));
            output.write(report.getBytes(StandardCharsets.UTF_8));
        } else if (request instanceof BroadcastRequest.Stream stream) {
            Responses.write(Responses.stream(run.broadcast(stream.batch())), output);
        } else if (request instanceof BroadcastRequest.Direct direct) {
            run.broadcast(BroadcastTrigger.invocation(direct.counterId(), context.getAwsRequestId()));
            Responses.write(Responses.stream(List.of()), output);
        }
    }

    /**
     * Decides about a stale connection: it has answered 410 more than once, although its handshake must have finished. Runs once
     * for each such connection; when it throws, the connection stays, and the exception is logged. By default {@link
     * VisitorCounterConfig#staleConnectionPolicy()} decides.
     *
     * @param stale the connection
     * @return whether it is removed
     */
    protected StaleConnectionPolicy.Decision onStale(StaleConnection stale) {
        return staleConnectionPolicy.decide(stale);
    }

    /**
     * Runs after an invocation has done what it could for a counter, whether it broadcast the count or left that to another; not
     * after one that failed. By default it does nothing. When it throws, the exception is logged.
     *
     * @param report what was done
     */
    protected void onBroadcast(BroadcastReport report) {}

    private StaleConnectionPolicy.Decision decide(StaleConnection stale, Invocation invocation) {
        try {
            return onStale(stale);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("onStale() failed; the connection stays", failure);
            return StaleConnectionPolicy.Decision.KEEP;
        }
    }

    /** One invocation at work. */
    private final class Run {

        private final Invocation invocation;
        private final HookThread thread = new HookThread(timeSource);
        private final Broadcaster.Invocation broadcasts;
        private final String function;

        Run(Invocation invocation, Context context) {
            this.invocation = invocation;
            this.function = context.getFunctionName();
            this.broadcasts = broadcaster.invocation(
                    format,
                    stale -> thread.call(() -> decide(stale, invocation)),
                    segments.apply(context.getInvokedFunctionArn()),
                    invocation.deadline());
        }

        /** Counters are broadcast at the same time: one that waits for DynamoDB, or fails, does not delay the others. */
        List<String> broadcast(StreamBatch batch) {
            Set<String> failed = new HashSet<>();
            List<Runnable> works = new ArrayList<>();
            for (BroadcastTrigger trigger : batch.triggers()) {
                works.add(() -> {
                    try {
                        broadcast(trigger);
                    } catch (RuntimeException failure) {
                        thread.call(() -> failed.add(trigger.counterId()));
                        invocation.error(
                                "Broadcasting the counter " + trigger.counterId() + " failed; Lambda will retry it",
                                failure);
                    }
                });
            }
            thread.awaitAll(works, MAX_COUNTERS_AT_ONCE, threads);
            warn(batch);
            return batch.failedSequenceNumbers(failed);
        }

        private void warn(StreamBatch batch) {
            List<StreamRecord.Unreadable> unreadable = batch.unreadable();
            if (!unreadable.isEmpty()) {
                StreamRecord.Unreadable first = unreadable.get(0);
                invocation.warn("Stream records that are not of a table of counters: " + unreadable.size()
                        + ", the first is " + first.sequenceNumber() + ": " + first.problem());
            }
            if (batch.isUnfiltered()) {
                invocation.warn("Changes and wake-ups come to " + function
                        + " together: give its event source mapping the filter"
                        + " of the documentation. Until then, wake-ups come at once, and broadcasts cost more");
            }
            if (!batch.hasImages()) {
                invocation.warn(
                        "The stream " + batch.source() + " does not show new rows: set the table's StreamViewType to"
                                + " NEW_IMAGE or NEW_AND_OLD_IMAGES. Until then, new connections wait for the next broadcast,"
                                + " and connections that could not be reached are not tried again");
            }
        }

        void broadcast(BroadcastTrigger trigger) {
            finish(broadcasts.broadcast(trigger));
        }

        void finish(BroadcastReport report) {
            invocation.info(report.toString());
            metrics.record(report);
            if (report.outcome() == BroadcastReport.Outcome.WAKE_UP_OVERDUE) {
                invocation.warn(
                        "No wake-up came for the counter " + report.counterId() + " for a minute: is there an enabled"
                                + " event source mapping of the stream whose filter admits new images of keys that begin with wake#?");
            }
            try {
                thread.run(() -> onBroadcast(report));
            } catch (Throwable failure) {
                Invocation.rethrowVirtualMachineError(failure);
                invocation.error("onBroadcast() failed; the broadcast is done all the same", failure);
            }
        }
    }
}
