package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.BroadcastReport.Outcome;
import io.github.visitorcounter.broadcast.Relay.LateLookOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentReport;
import io.github.visitorcounter.broadcast.Relay.StragglerOrder;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.time.Backoff;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Tells the connections of a counter its newest count, one invocation at a time and no faster than the pace allows, and counts
 * out those that turn out to be gone. Thread-safe.
 */
public final class Broadcaster {

    /** After so many invocations in a row a connection that can't be told is left to the next change. */
    private static final int MOST_STRAGGLER_HOPS = 3;

    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Ports ports;

    private Broadcaster(Ports ports) {
        this.ports = ports;
    }

    /**
     * Creates a broadcaster.
     *
     * @param settings its limits
     * @param connections who is told
     * @param counters what they are told
     * @param leases who may tell them
     * @param poster how they are told
     * @param timekeeper where it waits
     * @param pageReader runs the reading of a page, so that posting goes on meanwhile
     * @return the broadcaster
     */
    public static Broadcaster create(
            Settings settings,
            ConnectionStore connections,
            CounterStore counters,
            LeaseStore leases,
            Poster poster,
            Timekeeper timekeeper,
            Executor pageReader) {
        PassPorts pass = new PassPorts(
                connections,
                poster,
                settings.concurrency(),
                settings.handshakeGrace(),
                Backoff.jittered(FIRST_WAIT, LONGEST_WAIT, timekeeper),
                timekeeper,
                pageReader);
        Pace pace = new Pace(settings.messagesPerSecond(), settings.minimumInterval());
        return new Broadcaster(
                new Ports(pass, counters, leases, pace, settings.leaveGrace(), settings.fanOutThreshold()));
    }

    /**
     * The limits of a broadcaster.
     *
     * @param concurrency how many posts are under way at once
     * @param handshakeGrace how old a connection must be for its 410 to mean that it is gone
     * @param messagesPerSecond the message budget of each counter
     * @param minimumInterval the shortest time between two passes of a counter
     * @param leaveGrace how long departures wait for those who come back
     * @param fanOutThreshold the audience from which on a pass is divided among invocations
     */
    public record Settings(
            int concurrency,
            Duration handshakeGrace,
            int messagesPerSecond,
            Duration minimumInterval,
            Duration leaveGrace,
            int fanOutThreshold) {}

    /**
     * Does a task: tells everyone, or leaves that to who is at it, or hands it on.
     *
     * @param task why
     * @param voice how to speak
     * @param relay other invocations of the same function
     * @param deadline when to have stopped
     * @return what was done; nothing is forgotten then
     * @throws ServiceUnavailableException if something could not be read or written; the task must be tried again, under the
     *     same identity
     */
    public BroadcastReport broadcast(BroadcastTask task, Voice voice, Relay relay, Deadline deadline) {
        try {
            return new Broadcast(task, ports, voice, relay, deadline).run();
        } catch (InterruptedException interruption) {
            throw interrupted(interruption);
        }
    }

    /**
     * Tells those whom another invocation could not tell.
     *
     * @param order whom
     * @param voice how to speak
     * @param relay other invocations of the same function
     * @param deadline when to have stopped
     * @return what was done
     * @throws ServiceUnavailableException if something could not be read or written; the order must be tried again
     */
    public BroadcastReport tellStragglers(StragglerOrder order, Voice voice, Relay relay, Deadline deadline) {
        Stragglers stragglers = new Stragglers(order.counterId(), ports, voice, deadline);
        return assist(
                stragglers,
                () -> stragglers.tell(order.version(), order.connections()),
                left -> new StragglerOrder(order.counterId(), order.version(), left, order.hop() + 1),
                relay);
    }

    /**
     * Looks for those whom a pass of another invocation could not see yet, and tells them.
     *
     * @param order for whom to look
     * @param voice how to speak
     * @param relay other invocations of the same function
     * @param deadline when to have stopped
     * @return what was done
     * @throws ServiceUnavailableException if something could not be read or written; the order must be tried again
     */
    public BroadcastReport lookAgain(LateLookOrder order, Voice voice, Relay relay, Deadline deadline) {
        Stragglers stragglers = new Stragglers(order.counterId(), ports, voice, deadline);
        return assist(
                stragglers,
                () -> stragglers.look(order),
                left -> new StragglerOrder(order.counterId(), order.version(), left, 0),
                relay);
    }

    /** Works outside the lease, and leaves the rest to the next invocation, unless there have been too many. */
    private BroadcastReport assist(
            Stragglers stragglers, Assistance work, Function<List<Connection>, StragglerOrder> rest, Relay relay) {
        Instant start = ports.pass().timekeeper().now();
        StragglerOrder left;
        try {
            left = rest.apply(work.done());
        } catch (InterruptedException interruption) {
            throw interrupted(interruption);
        }
        if (left.hop() < MOST_STRAGGLER_HOPS) {
            stragglers.handOn(relay, left.version(), left.connections(), left.hop());
        }
        Duration elapsed = Duration.between(start, ports.pass().timekeeper().now());
        return new BroadcastReport(
                left.counterId(), Outcome.ASSISTED, left.version(), 0, stragglers.tally(), null, elapsed);
    }

    /** Tells some, and returns who is left. */
    private interface Assistance {
        List<Connection> done() throws InterruptedException;
    }

    /**
     * Tells one segment of the audience.
     *
     * @param order what to tell whom
     * @param voice how to treat those who are gone
     * @param deadline when to have stopped
     * @return what was done
     * @throws ServiceUnavailableException if there was no time for the whole segment, or the connections could not be read
     */
    public SegmentReport tellSegment(SegmentOrder order, Voice voice, Deadline deadline) {
        PageRequest pages = new PageRequest(order.counterId(), order.segment(), order.totalSegments(), null);
        BroadcastPass.Result result = new BroadcastPass(
                        new BroadcastPass.Plan(order.message(), List.of(), pages),
                        ports.pass(),
                        voice.policy(),
                        Keepalive.NOT_NEEDED,
                        ports.passDeadline(deadline))
                .run();
        int removed = ports.prune(result.toRemove(), deadline);
        if (result.end() != BroadcastPass.End.COMPLETE) {
            throw new ServiceUnavailableException("There was no time for the whole segment", null);
        }
        return new SegmentReport(result.tally().removed(removed), result.stragglers());
    }

    private static ServiceUnavailableException interrupted(InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return new ServiceUnavailableException("The broadcast was interrupted", interruption);
    }

    /** What a broadcaster needs of the world, and its limits. */
    record Ports(
            PassPorts pass,
            CounterStore counters,
            LeaseStore leases,
            Pace pace,
            Duration leaveGrace,
            int fanOutThreshold) {

        /** Kept free at the end of an invocation for what comes after a pass. */
        private static final Duration TIME_AFTER_A_PASS = Duration.ofSeconds(2);

        Deadline passDeadline(Deadline deadline) {
            return new Deadline(deadline.at().minus(TIME_AFTER_A_PASS));
        }

        int prune(List<String> connectionIds, Deadline deadline) {
            return connectionIds.isEmpty()
                    ? 0
                    : counters.leave(
                                    connectionIds,
                                    Change.PRUNE,
                                    pass.timekeeper().now(),
                                    deadline)
                            .size();
        }

        /** Charges what was sent beyond what had been paid for: retries. It is sent, so it is charged at any rate. */
        void chargeBeyond(String counterId, long messages, Deadline deadline) {
            if (messages > 0) {
                leases.charge(counterId, pace.debt(messages, pass.timekeeper().now()), deadline);
            }
        }
    }
}
