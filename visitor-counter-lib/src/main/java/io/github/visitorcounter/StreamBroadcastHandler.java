package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.aws.AwsBroadcastPorts;
import io.github.visitorcounter.aws.AwsPriming;
import io.github.visitorcounter.broadcast.BroadcastMetrics;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.BroadcastTask;
import io.github.visitorcounter.broadcast.Broadcaster;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.Relay;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.broadcast.Voice;
import io.github.visitorcounter.internal.BroadcastRequest;
import io.github.visitorcounter.internal.BroadcastRequest.StreamRecord;
import io.github.visitorcounter.internal.BroadcastRequests;
import io.github.visitorcounter.internal.DaemonThreads;
import io.github.visitorcounter.internal.InvalidEventException;
import io.github.visitorcounter.internal.Invocation;
import io.github.visitorcounter.internal.InvocationThread;
import io.github.visitorcounter.internal.Orders;
import io.github.visitorcounter.internal.Responses;
import io.github.visitorcounter.internal.Snapshot;
import io.github.visitorcounter.time.Timekeeper;

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
 * Tells everyone the newest count: the function behind the stream of the table of counters.
 *
 * <p>It is invoked with a batch of the stream, or directly with {@code {"counterId":"site"}} by {@link DisconnectHandler}. Any
 * number of records of a counter are one broadcast, of the count as it is now rather than as the records show it. A counter is
 * broadcast by one invocation at a time, and no faster than {@link VisitorCounterConfig#minimumInterval()} and {@link
 * VisitorCounterConfig#messagesPerSecond()} allow; who comes too early leaves its change to the invocation that is at it. To
 * wait, to go on after a timeout, and to divide a large audience, the function invokes itself; its role should allow it
 * ({@code lambda:InvokeFunction}). Otherwise it waits in place, and its stream's shard with it.
 *
 * <p>A departure waits for {@link VisitorCounterConfig#leaveGrace()}, unless something else is to be told before: a page that is
 * loaded again does not make the number flicker.
 *
 * <p>When changes stop, every reachable client has received the newest count. Clients may receive a message twice, and an older
 * one after a newer one: messages carry a version that only grows.
 *
 * <p>A stream's records whose broadcast failed are reported as failed items, and so are records that are not what the table of
 * counters sends: the event source mapping needs {@code ReportBatchItemFailures}, a limit of retries, and an on-failure
 * destination, where those records end. An asynchronous invocation that fails is tried again by Lambda. Events of other services
 * are logged as a warning and ignored.
 *
 * <p>Where Lambda takes a snapshot of the function (SnapStart), the handler practises before it, unless its ports were given to
 * it: it reads a sample batch and broadcasts a counter that cannot exist to a connection that cannot
 * exist. It writes nothing, calls none of the methods below, uses nothing that it will use later, and
 * takes ten seconds at most; when it fails, that is logged, and the first invocation is slower.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another.
 * Several counters of a batch are told at once, but the hooks run on the invocation's thread, one after another.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">partial batch
 *     responses</a>
 */
public class StreamBroadcastHandler implements RequestStreamHandler {

    /** Each has as many posts under way as the settings allow, and few batches have so many. */
    private static final int MOST_COUNTERS_AT_ONCE = 8;

    private final StaleConnectionPolicy staleConnections;
    private final MessageFormat format;
    private final Broadcaster broadcaster;
    private final Function<String, Relay> relays;
    private final BroadcastMetrics metrics;
    private final Timekeeper timekeeper;
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
        Snapshot.primedBy(AwsPriming.broadcast(config, config.requireCallbackUrl()));
    }

    /**
     * Creates the handler with its own ports.
     *
     * @param config the settings
     * @param ports what it works with
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config, BroadcastPorts ports) {
        this(config, ports, Timekeeper.system(), DaemonThreads.many("visitor-counter-broadcast"));
    }

    StreamBroadcastHandler(VisitorCounterConfig config, BroadcastPorts ports, Timekeeper timekeeper, Executor threads) {
        this.staleConnections = config.staleConnections();
        this.format = config.messageFormat();
        this.relays = ports.relays();
        this.metrics = ports.metrics();
        this.timekeeper = timekeeper;
        this.threads = threads;
        this.broadcaster = Broadcaster.create(
                new Broadcaster.Settings(
                        config.postConcurrency(),
                        config.handshakeGrace(),
                        config.messagesPerSecond(),
                        config.minimumInterval(),
                        config.leaveGrace(),
                        config.fanOutThreshold()),
                ports.connections(),
                ports.counters(),
                ports.leases(),
                ports.poster(),
                timekeeper,
                threads);
    }

    /** Broadcasts what changed. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timekeeper);
        BroadcastRequest request;
        try {
            request = BroadcastRequests.read(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Ignored an event that asks for no broadcast: " + invalid.getMessage());
            Responses.write(Responses.stream(List.of()), output);
            return;
        }
        Run run = new Run(invocation, relays.apply(context.getInvokedFunctionArn()));
        if (request instanceof BroadcastRequest.Segment segment) {
            String report = Orders.report(broadcaster.tellSegment(segment.order(), run.voice, invocation.deadline()));
            output.write(report.getBytes(StandardCharsets.UTF_8));
            return;
        }
        List<String> failed = List.of();
        if (request instanceof BroadcastRequest.Stream stream) {
            failed = run.broadcast(stream);
        } else if (request instanceof BroadcastRequest.Direct direct) {
            run.broadcast(BroadcastTask.ofInvocation(direct.counterId(), context.getAwsRequestId()));
        } else if (request instanceof BroadcastRequest.Pacer pacer) {
            run.broadcast(BroadcastTask.ofPacer(pacer.order(), context.getAwsRequestId()));
        } else if (request instanceof BroadcastRequest.Stragglers stragglers) {
            run.finish(broadcaster.tellStragglers(stragglers.order(), run.voice, run.relay, invocation.deadline()));
        } else if (request instanceof BroadcastRequest.LateLook lateLook) {
            run.finish(broadcaster.lookAgain(lateLook.order(), run.voice, run.relay, invocation.deadline()));
        }
        Responses.write(Responses.stream(failed), output);
    }

    /**
     * Decides about a connection that is gone. Runs once for each such connection of a broadcast; when it throws, the
     * connection stays, and the exception is logged. By default {@link VisitorCounterConfig#staleConnections()} decides.
     *
     * @param stale the connection
     * @return whether it is counted out
     */
    protected StaleConnectionPolicy.Decision onStale(StaleConnection stale) {
        return staleConnections.decide(stale);
    }

    /**
     * Runs after an invocation has done what it could for a counter, whether it told everyone or left that to another; not
     * after one that failed. By default it does nothing. When it throws, the exception is logged.
     *
     * @param report what was done
     */
    protected void onBroadcast(BroadcastReport report) {}

    private StaleConnectionPolicy.Decision decide(StaleConnection stale, Invocation invocation) {
        try {
            return onStale(stale);
        } catch (RuntimeException failure) {
            invocation.error("onStale() failed; the connection stays", failure);
            return StaleConnectionPolicy.Decision.KEEP;
        }
    }

    /** One invocation at work. */
    private final class Run {

        private final Invocation invocation;
        private final Relay relay;
        private final InvocationThread thread = new InvocationThread(timekeeper);
        private final Voice voice;

        Run(Invocation invocation, Relay relay) {
            this.invocation = invocation;
            this.relay = relay;
            this.voice = new Voice(format, stale -> thread.call(() -> decide(stale, invocation)));
        }

        /** Counters are told at once: one that waits for DynamoDB, or fails, does not hold up the others. */
        List<String> broadcast(BroadcastRequest.Stream stream) {
            Set<String> failed = new HashSet<>();
            List<Runnable> works = new ArrayList<>();
            for (String counterId : stream.counterIds()) {
                works.add(() -> {
                    try {
                        broadcast(task(stream, counterId));
                    } catch (RuntimeException failure) {
                        thread.call(() -> failed.add(counterId));
                        invocation.error(
                                "Broadcasting the counter " + counterId + " failed; Lambda will try again", failure);
                    }
                });
            }
            thread.awaitAll(works, MOST_COUNTERS_AT_ONCE, threads);
            List<StreamRecord.Unreadable> unreadable = stream.unreadable();
            if (!unreadable.isEmpty()) {
                StreamRecord.Unreadable first = unreadable.get(0);
                invocation.warn("Stream records that are not what a table of counters sends: " + unreadable.size()
                        + ", the first is " + first.sequenceNumber() + ": " + first.problem());
            }
            return stream.failedSequenceNumbers(failed);
        }

        private BroadcastTask task(BroadcastRequest.Stream stream, String counterId) {
            String identity = stream.identity(counterId);
            return stream.onlyDepartures(counterId)
                    ? BroadcastTask.ofStreamOfDepartures(counterId, identity)
                    : BroadcastTask.ofStream(counterId, identity, stream.newcomers(counterId));
        }

        void broadcast(BroadcastTask task) {
            finish(broadcaster.broadcast(task, voice, relay, invocation.deadline()));
        }

        void finish(BroadcastReport report) {
            invocation.info(report.toString());
            metrics.record(report);
            try {
                thread.run(() -> onBroadcast(report));
            } catch (RuntimeException failure) {
                invocation.error("onBroadcast() failed; the broadcast is done all the same", failure);
            }
        }
    }
}
