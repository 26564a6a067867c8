package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.PassQueue.Attempt;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult.End;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.WaitAllowance;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Posts one message to connections.
 *
 * <p>One thread runs the pass: it takes completed reads and posts from a queue and starts the next ones. The queue is
 * the only shared state. No connection waits for another: a slow connection occupies one of the concurrent posts, and a
 * connection that must be retried waits outside of them. The next page is read while the previous one is posted. After
 * every connection has been tried once, posts under way have one more second to complete; a follow-up retries the rest.
 *
 * <p>API Gateway answers 410 for a closed connection, for a connection whose handshake has not finished, and
 * occasionally for an open connection. A connection that answers 410 after its handshake must have finished is a
 * suspect. A later pass that has the connection among its suspects removes it if it answers 410 again.
 */
public final class BroadcastPass {

    /** The attempts for a connection in its handshake; a wake-up retries it later. */
    private static final int HANDSHAKE_ATTEMPTS = 3;

    /** The number of 410 answers, in a later pass, that confirm a suspect. */
    private static final int CONFIRMATIONS = 2;

    private static final int SUSPECT_ATTEMPTS = 4;

    private static final int THROTTLED_ATTEMPTS = 5;
    private static final int UNAVAILABLE_ATTEMPTS = 3;

    /** The time for posts under way after every connection has been tried. */
    private static final Duration TAIL = Duration.ofSeconds(1);

    private final PassPlan plan;
    private final PassPorts ports;
    private final StaleConnectionPolicy policy;
    private final LeaseRenewer lease;
    private final WaitAllowance allowance;
    private final FailureLog failures;
    private final Deadline deadline;

    private final BlockingQueue<PassEvent> events = new LinkedBlockingQueue<>();
    private final List<Connection> unsent = new ArrayList<>();
    private final List<Connection> suspects = new ArrayList<>();
    private final List<String> toRemove = new ArrayList<>();
    private final PassQueue queue;
    private final ConcurrencyWindow window;

    private Instant tailEndsAt = Instant.MIN;
    private DeliveryStats tally;

    public BroadcastPass(
            PassPlan plan,
            PassPorts ports,
            StaleConnectionPolicy policy,
            LeaseRenewer lease,
            WaitAllowance allowance,
            FailureLog failures,
            Deadline deadline) {
        this.plan = plan;
        this.ports = ports;
        this.policy = policy;
        this.lease = lease;
        this.allowance = allowance;
        this.failures = failures;
        this.deadline = deadline;
        this.queue = new PassQueue(plan.first(), plan.pages());
        this.window = new ConcurrencyWindow(ports.concurrency());
        this.tally = DeliveryStats.NONE.audience(plan.first().size());
    }

    /** Posts to all connections; returns earlier if the deadline passes or the lease is lost. */
    public PassResult run() {
        while (!queue.isFinished()) {
            Instant now = ports.timeSource().now();
            if (deadline.hasPassed(now)) {
                if (plan.pages() == null) {
                    break;
                }
                return result(End.OUT_OF_TIME);
            }
            if (!now.isBefore(lease.dueAt()) && !lease.renew(now)) {
                return result(End.LEASE_LOST);
            }
            if (queue.isTail() && !now.isBefore(tailEndsAt)) {
                break;
            }
            queue.wake(now);
            postReady(now);
            readAhead();
            Duration wait = timeToNextEvent(now);
            if (queue.isIdle() && !allowance.grants(wait)) {
                break;
            }
            PassEvent event = await(wait);
            if (event != null) {
                handle(event);
            }
        }
        queue.open().forEach(this::leaveToFollowUp);
        return result(End.COMPLETE);
    }

    /** Counts attempts as failed if they are unanswered, or failed and there was no time for their retry. */
    private void failOpenAttempts() {
        for (FailedCall failure : queue.openFailures()) {
            failures.add(failure);
            tally = tally.plus(DeliveryStats.FAILED);
        }
    }

    private PassResult result(End end) {
        failOpenAttempts();
        return new PassResult(
                end,
                tally,
                List.copyOf(unsent),
                List.copyOf(suspects),
                List.copyOf(toRemove),
                end == End.OUT_OF_TIME ? queue.resumeAt() : null);
    }

    private void readAhead() {
        PageRequest request = queue.beginPage();
        if (request != null) {
            ports.pageReader().execute(() -> events.add(read(request)));
        }
    }

    private PassEvent read(PageRequest request) {
        try {
            return new PassEvent.PageRead(ports.connections().read(request, deadline));
        } catch (RuntimeException failure) {
            return new PassEvent.PageFailed(failure);
        }
    }

    private void postReady(Instant now) {
        while (window.admits(queue.underWay())) {
            Attempt attempt = queue.begin();
            if (attempt == null) {
                return;
            }
            tally = tally.plus(DeliveryStats.POST);
            if (attempt.number() == 0) {
                tailEndsAt = now.plus(TAIL);
            }
            ports.poster()
                    .post(attempt.connection().connectionId(), plan.message())
                    .whenComplete((outcome, failure) -> events.add(new PassEvent.Answered(
                            attempt, failure == null ? outcome : PostOutcome.unexpected(failure))));
        }
    }

    private Duration timeToNextEvent(Instant now) {
        Instant due = earlier(deadline.at(), lease.dueAt());
        if (queue.isTail()) {
            due = earlier(due, tailEndsAt);
        }
        Instant nextAttempt = queue.nextDue();
        if (nextAttempt != null) {
            due = earlier(due, nextAttempt);
        }
        return Duration.between(now, due);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private @Nullable PassEvent await(Duration atMost) {
        try {
            return ports.timeSource().poll(events, atMost);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException("The broadcast was interrupted", interruption);
        }
    }

    private void handle(PassEvent event) {
        if (event instanceof PassEvent.PageRead read) {
            tally = tally.audience(queue.add(read.page()));
        } else if (event instanceof PassEvent.Answered answered) {
            queue.ended(answered.attempt());
            settle(answered.attempt(), answered.outcome());
        } else if (event instanceof PassEvent.PageFailed failed) {
            throw failed.failure();
        }
    }

    private void settle(Attempt attempt, PostOutcome outcome) {
        switch (outcome.kind()) {
            case DELIVERED -> {
                window.delivered();
                done(attempt, DeliveryStats.DELIVERED);
            }
            case GONE -> gone(attempt);
            case THROTTLED -> {
                window.throttled();
                tryAgain(attempt, THROTTLED_ATTEMPTS, DeliveryStats.FAILED, outcome.failure());
            }
            case UNAVAILABLE -> tryAgain(attempt, UNAVAILABLE_ATTEMPTS, DeliveryStats.FAILED, outcome.failure());
            case REJECTED -> {
                report(outcome.failure());
                done(attempt, DeliveryStats.FAILED);
            }
        }
    }

    private void done(Attempt attempt, DeliveryStats outcome) {
        queue.settled(attempt);
        tally = tally.plus(outcome);
    }

    private void gone(Attempt attempt) {
        Connection connection = attempt.connection();
        Duration age = connection.age(ports.timeSource().now());
        if (age.compareTo(ports.handshakeGrace()) < 0) {
            tryAgain(attempt, HANDSHAKE_ATTEMPTS, DeliveryStats.NOT_YET_OPEN, null);
        } else if (!isSuspect(connection)) {
            suspects.add(connection);
            done(attempt, DeliveryStats.GONE);
        } else if (attempt.gone() + 1 < CONFIRMATIONS) {
            tryAgain(attempt, SUSPECT_ATTEMPTS, DeliveryStats.GONE, null);
        } else {
            done(attempt, DeliveryStats.GONE);
            if (policy.decide(new StaleConnection(connection, age)) == StaleConnectionPolicy.Decision.REMOVE) {
                toRemove.add(connection.connectionId());
            }
        }
    }

    private boolean isSuspect(Connection connection) {
        return plan.suspects().contains(connection.connectionId());
    }

    private void report(@Nullable FailedCall failure) {
        if (failure != null) {
            failures.add(failure);
        }
    }

    private void tryAgain(Attempt attempt, int attempts, DeliveryStats whenGivenUp, @Nullable FailedCall failure) {
        if (attempt.number() + 1 >= attempts) {
            report(failure);
            leaveToFollowUp(attempt.connection());
            done(attempt, whenGivenUp);
            return;
        }
        queue.tryAgain(
                attempt,
                whenGivenUp.gone() > 0,
                failure,
                ports.timeSource().now().plus(ports.backoff().delay(attempt.number())));
    }

    private void leaveToFollowUp(Connection connection) {
        (isSuspect(connection) ? suspects : unsent).add(connection);
    }
}
