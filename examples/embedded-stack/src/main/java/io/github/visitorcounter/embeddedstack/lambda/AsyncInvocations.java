package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException.Reason;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The queue of asynchronous invocations. Each is retried by its function's policy, with the same request id. A
 * throttled event returns to the queue, does not count as an attempt, and is retried after one second, doubling up to
 * five minutes, until it exceeds its maximum age.
 */
final class AsyncInvocations {

    private static final int MAXIMUM_QUEUED = 10_000;
    private static final Duration FIRST_THROTTLE_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_THROTTLE_DELAY = Duration.ofMinutes(5);

    private final LambdaSettings settings;
    private final ScheduledExecutorService timer;
    private final Semaphore room = new Semaphore(MAXIMUM_QUEUED);
    private volatile boolean closed;

    AsyncInvocations(LambdaSettings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        this.timer = timer;
    }

    /**
     * Queues an event.
     *
     * @throws TooManyRequestsException if the queue is full
     */
    void accept(InvocationTarget target, String requestId, String payload) {
        if (!room.tryAcquire()) {
            throw new TooManyRequestsException(
                    Reason.CallerRateLimitExceeded,
                    "Rate Exceeded: " + MAXIMUM_QUEUED + " asynchronous events are queued already");
        }
        attempt(new Event(target, requestId, payload, settings.clock().instant()), new Attempts(0, 0));
    }

    private void attempt(Event event, Attempts before) {
        Future<?> unused = event.target.invoke(event.requestId, event.payload).whenComplete((answer, error) -> {
            if (error instanceof TooManyRequestsException) {
                later(event, throttleDelay(before.throttles), before.throttled(), error);
            } else if (error != null) {
                drop(event, before, error); // Also if the function is stopped.
            } else if (!answer.result().failed()) {
                room.release();
            } else if (before.failures == event.policy().maximumRetryAttempts()) {
                drop(event, before, answer.result().payload());
            } else {
                Duration delay = settings.asyncRetryDelays().get(before.failures);
                later(event, delay, before.failed(), answer.result().payload());
            }
        });
    }

    private static Duration throttleDelay(int throttles) {
        Duration delay = FIRST_THROTTLE_DELAY.multipliedBy(1L << Math.min(throttles, 16));
        return delay.compareTo(LONGEST_THROTTLE_DELAY) < 0 ? delay : LONGEST_THROTTLE_DELAY;
    }

    private void later(Event event, Duration delay, Attempts soFar, Object reason) {
        try {
            Future<?> unused = timer.schedule(
                    () -> {
                        Instant expiry = event.accepted.plus(event.policy().maximumEventAge());
                        if (settings.clock().instant().isAfter(expiry)) {
                            drop(
                                    event,
                                    soFar,
                                    "it is older than " + event.policy().maximumEventAge() + "; " + reason);
                        } else {
                            attempt(event, soFar);
                        }
                    },
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            drop(event, soFar, "the stack was closed before the next attempt; " + reason);
        }
    }

    /** Closes the queue: later events are dropped without a log line. */
    void close() {
        closed = true;
    }

    private void drop(Event event, Attempts soFar, Object reason) {
        room.release();
        if (closed) {
            return;
        }
        int failures = soFar.failures;
        settings.logSink()
                .accept("[" + event.target.definition().name() + "] asynchronous event " + event.requestId
                        + " dropped after " + failures + (failures == 1 ? " retry: " : " retries: ") + reason);
    }

    /** The number of failed attempts of an event, and of throttled attempts in a row since then. */
    private record Attempts(int failures, int throttles) {

        Attempts failed() {
            return new Attempts(failures + 1, 0);
        }

        Attempts throttled() {
            return new Attempts(failures, throttles + 1);
        }
    }

    private record Event(InvocationTarget target, String requestId, String payload, Instant accepted) {

        AsyncRetryPolicy policy() {
            return target.definition().asyncRetryPolicy();
        }
    }
}
