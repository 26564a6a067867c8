package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.BroadcastPass.Result;
import io.github.visitorcounter.broadcast.Relay.SegmentOrder;
import io.github.visitorcounter.broadcast.Relay.SegmentReport;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Divides a pass among several invocations, one for each segment of the table, and joins what they report. A segment that fails
 * is tried again.
 */
final class FanOut {

    private static final int ATTEMPTS = 3;

    /** Lambda runs so many at once without asking anybody, and the account's request quota allows no more in any case. */
    private static final int MOST_SEGMENTS = 20;

    private record Answer(
            SegmentOrder order,
            int attempt,
            @Nullable SegmentReport report,
            @Nullable Throwable failure) {}

    private final Relay relay;
    private final Timekeeper timekeeper;
    private final Keepalive keepalive;
    private final Deadline deadline;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final List<Connection> stragglers = new ArrayList<>();
    private PassTally tally = PassTally.NONE;

    FanOut(Relay relay, Timekeeper timekeeper, Keepalive keepalive, Deadline deadline) {
        this.relay = relay;
        this.timekeeper = timekeeper;
        this.keepalive = keepalive;
        this.deadline = deadline;
    }

    /** Into how many segments an audience is divided. */
    static int segments(long audience, int threshold) {
        return (int) Math.min(MOST_SEGMENTS, (audience + threshold - 1) / threshold);
    }

    /** Tells everyone; returns null when the function may not invoke itself. */
    @Nullable
    Result tell(String counterId, String message, int totalSegments) {
        for (int segment = 0; segment < totalSegments; segment++) {
            start(new SegmentOrder(counterId, segment, totalSegments, message), 0);
        }
        int open = totalSegments;
        while (open > 0) {
            Instant now = timekeeper.now();
            if (deadline.hasPassed(now)) {
                return result(BroadcastPass.End.OUT_OF_TIME);
            }
            if (!now.isBefore(keepalive.dueAt()) && !keepalive.renew(now)) {
                return result(BroadcastPass.End.LEASE_LOST);
            }
            Answer answer = await(now);
            if (answer != null && isForbidden(answer.failure())) {
                return null;
            }
            if (answer != null && join(answer)) {
                open--;
            }
        }
        return result(BroadcastPass.End.COMPLETE);
    }

    private static boolean isForbidden(@Nullable Throwable failure) {
        return failure instanceof UnsupportedOperationException
                || (failure != null && failure.getCause() instanceof UnsupportedOperationException);
    }

    private void start(SegmentOrder order, int attempt) {
        relay.tellSegment(order, deadline.remaining(timekeeper.now()))
                .whenComplete((report, failure) -> answers.add(new Answer(order, attempt, report, failure)));
    }

    private boolean join(Answer answer) {
        SegmentReport report = answer.report();
        if (report != null) {
            tally = tally.plus(report.tally());
            stragglers.addAll(report.stragglers());
            return true;
        }
        if (answer.attempt() + 1 >= ATTEMPTS) {
            throw new ServiceUnavailableException(
                    "Segment " + answer.order().segment() + " of "
                            + answer.order().totalSegments() + " could not be told, in " + ATTEMPTS + " attempts",
                    answer.failure());
        }
        start(answer.order(), answer.attempt() + 1);
        return false;
    }

    private @Nullable Answer await(Instant now) {
        Instant due = deadline.at().isBefore(keepalive.dueAt()) ? deadline.at() : keepalive.dueAt();
        try {
            return timekeeper.poll(answers, Duration.between(now, due));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException("The broadcast was interrupted", interruption);
        }
    }

    private Result result(BroadcastPass.End end) {
        return new Result(end, tally, List.copyOf(stragglers), List.of(), null);
    }
}
