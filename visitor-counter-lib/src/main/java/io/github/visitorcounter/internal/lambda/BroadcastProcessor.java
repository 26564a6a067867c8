package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy.Decision;
import io.github.visitorcounter.internal.broadcast.Broadcaster;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.ports.Lazy;
import io.github.visitorcounter.internal.ports.Metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Handles the events of the broadcast function. It broadcasts the counters of a batch concurrently, and runs the hooks
 * on the invocation's thread.
 */
public final class BroadcastProcessor {

    /** Each counter has as many concurrent posts as the settings allow, and few batches contain more counters. */
    private static final int COUNTER_CONCURRENCY = 8;

    private final MessageFormat format;
    private final HandlerPorts ports;
    private final Lazy<Engine> engine;

    /** The methods that the user's class may override. */
    public interface Hooks {

        Decision onStale(StaleConnection stale);

        void onBroadcast(BroadcastReport report);
    }

    private record Engine(Broadcaster broadcaster, Function<String, SegmentInvoker> segments) {}

    /**
     * Creates a processor.
     *
     * @param config the settings
     * @param ports the adapters; first used at the first event
     */
    public BroadcastProcessor(VisitorCounterConfig config, HandlerPorts ports) {
        this.format = config.messageFormat();
        this.ports = ports;
        this.engine = new Lazy<>(() -> new Engine(broadcaster(config, ports), ports.segments()));
    }

    private static Broadcaster broadcaster(VisitorCounterConfig config, HandlerPorts ports) {
        return new Broadcaster(
                new Broadcaster.Settings(
                        config.get(Setting.POST_CONCURRENCY),
                        config.get(Setting.HANDSHAKE_GRACE),
                        config.get(Setting.BROADCAST_MESSAGES_PER_SECOND),
                        config.get(Setting.MIN_BROADCAST_INTERVAL),
                        config.get(Setting.DISCONNECT_DEBOUNCE),
                        config.get(Setting.FAN_OUT_THRESHOLD),
                        config.get(Setting.WATCHERS)),
                new Broadcaster.Ports(
                        ports.connections(),
                        ports.counters(),
                        ports.leases(),
                        ports.wakeUps(),
                        ports.poster(),
                        ports.timeSource(),
                        ports.threads()));
    }

    /** Creates the clients that the first event would create. */
    public void buildClients() {
        engine.get();
    }

    /**
     * Handles an event.
     *
     * @param input the event
     * @param output receives the response
     * @param hooks the methods of the user's class
     * @param invocation the invocation
     * @throws IOException if the event can't be read, or the response can't be written
     */
    public void handle(InputStream input, OutputStream output, Hooks hooks, Invocation invocation) throws IOException {
        BroadcastRequest request;
        try {
            request = StreamEvents.read(input);
        } catch (InvalidEventException invalid) {
            invocation.log(
                    LogLine.warn("Ignored event").with("detail", "it asks for no broadcast: " + invalid.getMessage()));
            Responses.write(Responses.stream(List.of()), output);
            return;
        }
        request.run(new Run(engine.get(), hooks, invocation), output);
    }

    /** One invocation. */
    private final class Run implements BroadcastRequest.Actions {

        private final Hooks hooks;
        private final Invocation invocation;
        private final HookThread thread = new HookThread(ports.timeSource());
        private final Broadcaster.Invocation broadcasts;
        private final Executor threads = ports.threads();
        private final Metrics metrics = ports.metrics();

        Run(Engine engine, Hooks hooks, Invocation invocation) {
            this.hooks = hooks;
            this.invocation = invocation;
            this.broadcasts = engine.broadcaster()
                    .invocation(
                            format,
                            stale -> thread.call(() -> decide(stale)),
                            engine.segments().apply(invocation.context().getInvokedFunctionArn()),
                            invocation.failures(),
                            invocation.deadline());
        }

        @Override
        public void broadcast(String counterId) {
            broadcast(
                    BroadcastTrigger.invocation(counterId, invocation.context().getAwsRequestId()));
        }

        /**
         * Broadcasts counters concurrently, so that a counter that waits for DynamoDB, or fails, does not delay the
         * others.
         */
        @Override
        public List<String> broadcast(StreamBatch batch) {
            Set<String> failed = new HashSet<>();
            List<Runnable> tasks = new ArrayList<>();
            for (BroadcastTrigger trigger : batch.triggers()) {
                tasks.add(() -> {
                    try {
                        broadcast(trigger);
                    } catch (Throwable failure) {
                        // The user's message format may throw any Throwable.
                        Invocation.rethrowVirtualMachineError(failure);
                        thread.call(() -> failed.add(trigger.counterId()));
                        invocation.log(LogLine.error("Broadcast failed")
                                .with("counterId", trigger.counterId())
                                .with("consequence", "Lambda invokes the function again")
                                .because(failure));
                    }
                });
            }
            thread.awaitAll(tasks, COUNTER_CONCURRENCY, threads);
            StreamWarnings.log(batch, invocation);
            return batch.failedSequenceNumbers(failed);
        }

        @Override
        public SegmentReport send(SegmentRequest request) {
            Instant start = ports.timeSource().now();
            SegmentReport report = broadcasts.send(request);
            invocation.log(ReportLines.segment(
                    request, report, Duration.between(start, ports.timeSource().now())));
            return report;
        }

        private void broadcast(BroadcastTrigger trigger) {
            BroadcastReport report = broadcasts.broadcast(trigger);
            invocation.log(ReportLines.broadcast(report));
            metrics.record(report);
            if (report.outcome() == BroadcastReport.Outcome.WAKE_UP_OVERDUE) {
                invocation.log(
                        LogLine.warn("Wake-up overdue")
                                .with("counterId", report.counterId())
                                .with(
                                        "check",
                                        "that there is an enabled event source mapping of the stream whose filter admits new"
                                                + " images of keys that begin with wake#: no wake-up was received for a minute"));
            }
            try {
                thread.run(() -> hooks.onBroadcast(report));
            } catch (Throwable failure) {
                Invocation.rethrowVirtualMachineError(failure);
                invocation.log(LogLine.error("Hook failed")
                        .with("hook", "onBroadcast")
                        .with("consequence", "the broadcast is done all the same")
                        .because(failure));
            }
        }

        private Decision decide(StaleConnection stale) {
            try {
                return hooks.onStale(stale);
            } catch (Throwable failure) {
                Invocation.rethrowVirtualMachineError(failure);
                invocation.log(LogLine.error("Hook failed")
                        .with("hook", "onStale")
                        .with("consequence", "the connection stays")
                        .because(failure));
                return Decision.KEEP;
            }
        }
    }
}
