package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.Answer;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentReport;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker.SegmentRequest;
import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassPorts;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult.End;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Splits a pass across invocations, one for each segment of the table, and joins their reports. A segment that was
 * throttled or failed is retried after a backoff while other segments are under way. If none is, or after too many
 * failures, this invocation sends the segment itself.
 */
final class FanOut {

    private static final int ATTEMPTS = 3;

    /** Within the concurrency of every account; more segments would exceed the account's request quota of posts. */
    private static final int MAX_SEGMENTS = 20;

    private record Attempt(PageRequest segment, int failures, Instant due) {}

    private record Ended(
            Attempt attempt,
            @Nullable Answer answer,
            @Nullable Throwable failure) {}

    private final SegmentInvoker invoker;
    private final PassPorts ports;
    private final LeaseRenewer lease;
    private final FailureLog failures;
    private final Deadline deadline;
    private final Function<PassPlan, PassResult> inPlace;

    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final Map<Integer, PageRequest> open = new LinkedHashMap<>();
    private final Queue<Attempt> waiting = new PriorityQueue<>(Comparator.comparing(Attempt::due));
    private final List<Connection> unsent = new ArrayList<>();
    private final List<Connection> suspects = new ArrayList<>();
    private final List<String> toRemove = new ArrayList<>();
    private int underWay;
    private boolean lagged;
    private DeliveryStats tally = DeliveryStats.NONE;

    /**
     * Creates a fan-out.
     *
     * @param inPlace sends a segment in this invocation
     */
    FanOut(
            SegmentInvoker invoker,
            PassPorts ports,
            LeaseRenewer lease,
            FailureLog failures,
            Deadline deadline,
            Function<PassPlan, PassResult> inPlace) {
        this.invoker = invoker;
        this.ports = ports;
        this.lease = lease;
        this.failures = failures;
        this.deadline = deadline;
        this.inPlace = inPlace;
    }

    /** Returns the segments of an audience: one for each {@code threshold} connections. */
    static List<PageRequest> segments(String counterId, long audience, int threshold) {
        int total = (int) Math.max(1, Math.min(MAX_SEGMENTS, (audience + threshold - 1) / threshold));
        List<PageRequest> segments = new ArrayList<>();
        for (int segment = 0; segment < total; segment++) {
            segments.add(new PageRequest(counterId, segment, total, null));
        }
        return segments;
    }

    /**
     * Returns whether an invocation read pages that may miss connections: its settings may differ from those of this
     * one.
     */
    boolean lagged() {
        return lagged;
    }

    /** Returns the unfinished segments. */
    List<PageRequest> rest() {
        return List.copyOf(open.values());
    }

    /** Sends all segments; returns earlier if the deadline passes or the lease is lost. */
    PassResult run(PassPlan plan, List<PageRequest> segments) {
        for (PageRequest segment : segments) {
            open.put(segment.segment(), segment);
            start(plan, new Attempt(segment, 0, Instant.MIN));
        }
        while (!open.isEmpty()) {
            Instant now = ports.timeSource().now();
            if (deadline.hasPassed(now)) {
                return result(End.OUT_OF_TIME);
            }
            if (!now.isBefore(lease.dueAt()) && !lease.renew(now)) {
                return result(End.LEASE_LOST);
            }
            Attempt next = waiting.peek();
            if (next != null && (underWay == 0 || next.failures() >= ATTEMPTS)) {
                waiting.remove();
                PassResult result =
                        inPlace.apply(new PassPlan(plan.message(), List.of(), plan.suspects(), next.segment()));
                if (result.end() != End.COMPLETE) {
                    return result(result.end());
                }
                join(next.segment(), result);
            } else if (next != null && !next.due().isAfter(now)) {
                start(plan, waiting.remove());
            } else {
                Ended end = await(now, next);
                if (end != null) {
                    handle(end);
                }
            }
        }
        return result(End.COMPLETE);
    }

    private void start(PassPlan plan, Attempt attempt) {
        underWay++;
        PageRequest segment = attempt.segment();
        invoker.invoke(
                        new SegmentRequest(
                                segment.counterId(),
                                segment.segment(),
                                segment.totalSegments(),
                                plan.message(),
                                plan.suspects()),
                        deadline.remaining(ports.timeSource().now()))
                .whenComplete((answer, failure) -> ended.add(new Ended(attempt, answer, failure)));
    }

    private @Nullable Ended await(Instant now, @Nullable Attempt next) {
        Instant due = deadline.at().isBefore(lease.dueAt()) ? deadline.at() : lease.dueAt();
        if (next != null && next.due().isBefore(due)) {
            due = next.due();
        }
        try {
            return ports.timeSource().poll(ended, Duration.between(now, due));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException("The broadcast was interrupted", interruption);
        }
    }

    private void handle(Ended end) {
        underWay--;
        Attempt attempt = end.attempt();
        if (end.answer() instanceof Answer.Sent sent) {
            join(attempt.segment(), sent.report());
        } else if (end.answer() instanceof Answer.Forbidden forbidden) {
            report(forbidden.failure());
            waiting.add(new Attempt(attempt.segment(), ATTEMPTS, Instant.MIN));
        } else {
            boolean throttled = end.answer() instanceof Answer.Throttled;
            report(failure(end));
            Duration backoff = ports.backoff().delay(attempt.failures());
            waiting.add(new Attempt(
                    attempt.segment(),
                    attempt.failures() + (throttled ? 0 : 1),
                    ports.timeSource().now().plus(backoff)));
        }
    }

    private static @Nullable FailedCall failure(Ended end) {
        if (end.answer() instanceof Answer.Throttled throttled) {
            return throttled.failure();
        }
        if (end.answer() instanceof Answer.Failed failed) {
            return failed.failure();
        }
        return end.failure() == null ? null : FailedCall.unexpected("Invoke", end.failure());
    }

    private void report(@Nullable FailedCall failure) {
        if (failure != null) {
            failures.add(failure);
        }
    }

    private void join(PageRequest segment, SegmentReport report) {
        open.remove(segment.segment());
        tally = tally.plus(report.tally());
        unsent.addAll(report.unsent());
        suspects.addAll(report.suspects());
        lagged |= report.lags();
    }

    private void join(PageRequest segment, PassResult result) {
        join(segment, new SegmentReport(result.tally(), result.unsent(), result.suspects(), false));
        toRemove.addAll(result.toRemove());
    }

    private PassResult result(End end) {
        return new PassResult(end, tally, List.copyOf(unsent), List.copyOf(suspects), List.copyOf(toRemove), null);
    }
}
