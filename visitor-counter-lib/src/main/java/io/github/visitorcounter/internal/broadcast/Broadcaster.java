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
 * Sends the connections of a counter its newest count, one invocation at a time and within the message budget, and removes stale
 * connections. Thread-safe.
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
     * @param settings its limits
     * @param ports what it works with
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
     * The limits of a broadcaster.
     *
     * @param concurrency how many posts are under way at once
     * @param handshakeGrace how old a connection must be for its 410 to mean that it may be closed
     * @param broadcastMessagesPerSecond the message budget of each counter
     * @param minBroadcastInterval the shortest time between two passes of a counter
     * @param debouncesDisconnects whether disconnects are broadcast by a wake-up, so that a page that reloads is not noticed
     * @param fanOutThreshold the audience above which a pass is divided among invocations
     */
    public record Settings(
            int concurrency,
            Duration handshakeGrace,
            int broadcastMessagesPerSecond,
            Duration minBroadcastInterval,
            boolean debouncesDisconnects,
            int fanOutThreshold) {}

    /**
     * What a broadcaster works with.
     *
     * @param connections reads the audience
     * @param counters reads counts, and removes stale connections
     * @param leases decides who may broadcast, and keeps the budget
     * @param wakeUps the clock
     * @param poster posts messages
     * @param timeSource the time of this machine
     * @param pageReader runs the reading of a page, so that posting goes on meanwhile
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
     * Begins an invocation: what it broadcasts shares the quarter of a second that the invocation may wait in all.
     *
     * @param format the messages
     * @param policy decides about stale connections
     * @param segments invokes the function for segments of a large audience
     * @param failures says why posts and segments failed
     * @param deadline when to have stopped
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
         * Broadcasts a counter, or leaves that to the lease's holder or to a wake-up.
         *
         * @param trigger why
         * @return what was done
         * @throws ServiceUnavailableException if something could not be read or written; the trigger must be tried again, under
         *     the same identity
         */
        public BroadcastReport broadcast(BroadcastTrigger trigger) {
            try {
                return new Broadcast(
                                trigger,
                                context,
                                segments,
                                settings.fanOutThreshold(),
                                settings.debouncesDisconnects(),
                                deadline)
                        .run();
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ServiceUnavailableException("The broadcast was interrupted", interruption);
            }
        }

        /**
         * Sends a message to one segment of an audience, on behalf of the invocation that holds the lease.
         *
         * @param request what to send to whom
         * @return what was done
         * @throws ServiceUnavailableException if there was no time for the whole segment, or the connections could not be read
         */
        public SegmentReport send(SegmentRequest request) {
            PageRequest pages = new PageRequest(request.counterId(), request.segment(), request.totalSegments(), null);
            PassResult result = context.pass(
                    new PassPlan(request.message(), List.of(), request.suspects(), pages),
                    LeaseRenewer.NOT_NEEDED,
                    deadline);
            int removed = context.prune(result.toRemove(), deadline);
            if (result.end() != PassResult.End.COMPLETE) {
                throw new ServiceUnavailableException("There was no time for the whole segment", null);
            }
            boolean lags = !ports.connections().lag().isZero();
            return new SegmentReport(result.tally().removed(removed), result.unsent(), result.suspects(), lags);
        }
    }
}
