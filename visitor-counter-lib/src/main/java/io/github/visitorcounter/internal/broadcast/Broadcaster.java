package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassPorts;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.MessageBudget;
import io.github.visitorcounter.internal.broadcast.lease.WaitAllowance;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Sends the newest count of a counter to its connections, one invocation at a time and within the message budget, and
 * removes stale connections. Thread-safe.
 */
public final class Broadcaster {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);

    private final Settings settings;
    private final Ports ports;
    private final PassPorts pass;
    private final MessageBudget budget;

    /**
     * Creates a broadcaster.
     *
     * @param settings the settings
     * @param ports the ports
     */
    public Broadcaster(Settings settings, Ports ports) {
        this.settings = settings;
        this.ports = ports;
        this.pass = new PassPorts(
                ports.connections(),
                ports.poster(),
                settings.concurrency(),
                settings.handshakeGrace(),
                Backoff.jittered(FIRST_BACKOFF, MAX_BACKOFF, ports.timeSource()),
                ports.timeSource(),
                ports.pageReader());
        this.budget = new MessageBudget(settings.broadcastMessagesPerSecond(), settings.minBroadcastInterval());
    }

    /**
     * The settings of a broadcaster.
     *
     * @param concurrency the maximum number of concurrent posts of a pass
     * @param handshakeGrace the age from which a connection that answers 410 is a suspect
     * @param broadcastMessagesPerSecond the message budget of each counter
     * @param minBroadcastInterval the minimum time between the starts of two passes of a counter
     * @param debouncesDisconnects whether a wake-up broadcasts disconnects, so that a page reload is invisible
     * @param fanOutThreshold the audience above which a pass is split across invocations
     * @param watchers whether there may be connections that are not counted
     */
    public record Settings(
            int concurrency,
            Duration handshakeGrace,
            int broadcastMessagesPerSecond,
            Duration minBroadcastInterval,
            boolean debouncesDisconnects,
            int fanOutThreshold,
            boolean watchers) {}

    /**
     * The ports of a broadcaster.
     *
     * @param connections reads the audience
     * @param counters reads counts, and removes stale connections
     * @param leases stores the leases and budgets
     * @param wakeUps requests wake-ups
     * @param poster posts messages
     * @param timeSource the clock of this machine
     * @param pageReader the executor that reads pages, so that posting continues during a read
     */
    public record Ports(
            ConnectionStore connections,
            CounterStore counters,
            LeaseStore leases,
            WakeUps wakeUps,
            Poster poster,
            TimeSource timeSource,
            Executor pageReader) {}

    /**
     * Starts an invocation. All its broadcasts share the quarter of a second that the invocation may wait in total.
     *
     * @param format formats the messages
     * @param policy decides about stale connections
     * @param segments invokes the function for segments of a large audience
     * @param failures logs failed posts and segments
     * @param deadline when the invocation must have ended
     * @return the invocation
     */
    public Invocation invocation(
            MessageFormat format,
            StaleConnectionPolicy policy,
            SegmentInvoker segments,
            FailureLog failures,
            Deadline deadline) {
        return new Invocation(
                new BroadcastContext(
                        pass,
                        ports.counters(),
                        ports.leases(),
                        ports.wakeUps(),
                        budget,
                        format,
                        policy,
                        new WaitAllowance(),
                        failures),
                segments,
                deadline);
    }

    /** One invocation of the broadcasting function. Thread-safe. */
    public final class Invocation {

        private final BroadcastContext context;
        private final SegmentInvoker segments;
        private final Deadline deadline;

        private Invocation(BroadcastContext context, SegmentInvoker segments, Deadline deadline) {
            this.context = context;
            this.segments = segments;
            this.deadline = deadline;
        }

        /**
         * Broadcasts a counter, unless the lease's holder or a wake-up must do it.
         *
         * @param trigger the trigger
         * @return the report
         * @throws ServiceUnavailableException if a table could not be read or written; the trigger must be retried with
         *     the same identity
         */
        public BroadcastReport broadcast(BroadcastTrigger trigger) {
            try {
                return new Broadcast(trigger, context, segments, settings, deadline).run();
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ServiceUnavailableException("The broadcast was interrupted", interruption);
            }
        }

        /**
         * Sends a message to one segment of an audience, on behalf of the invocation that holds the lease.
         *
         * @param request the message and the segment
         * @return the report
         * @throws ServiceUnavailableException if the time ran out before the segment was finished, or the connections
         *     could not be read
         */
        public SegmentReport send(SegmentRequest request) {
            PageRequest pages = new PageRequest(request.counterId(), request.segment(), request.totalSegments(), null);
            PassResult result = context.pass(
                    new PassPlan(request.message(), List.of(), request.suspects(), pages),
                    LeaseRenewer.NOT_NEEDED,
                    deadline);
            int removed = context.prune(result.toRemove(), deadline);
            if (result.end() != PassResult.End.COMPLETE) {
                throw new ServiceUnavailableException("The time ran out before the segment was finished", null);
            }
            boolean lags = !ports.connections().lag(request.counterId()).isZero();
            return new SegmentReport(result.tally().removed(removed), result.unsent(), result.suspects(), lags);
        }
    }
}
