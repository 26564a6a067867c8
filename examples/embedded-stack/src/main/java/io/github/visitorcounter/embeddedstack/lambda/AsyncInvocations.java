package io.github.visitorcounter.embeddedstack.lambda;

import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The queue of asynchronous invocations: each is retried as its function's policy says, under the same request id. */
final class AsyncInvocations {

    private static final int MAXIMUM_QUEUED = 10_000;

    private final LambdaSettings settings;
    private final ScheduledExecutorService timer;
    private final Semaphore room = new Semaphore(MAXIMUM_QUEUED);

    AsyncInvocations(LambdaSettings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        this.timer = timer;
    }

    /**
     * Takes an event.
     *
     * @throws TooManyRequestsException if the queue is full
     */
    void accept(Callee callee, String requestId, String payload) {
        if (!room.tryAcquire()) {
            throw new TooManyRequestsException(
                    "Rate Exceeded: " + MAXIMUM_QUEUED + " asynchronous events are queued already");
        }
        attempt(new Event(callee, requestId, payload, settings.clock().instant()), 0);
    }

    private void attempt(Event event, int retries) {
        Future<?> unused = event.callee.invoke(event.requestId, event.payload).whenComplete((answer, error) -> {
            if (error instanceof TooManyRequestsException) {
                later(event, 0, retries, error); // Being throttled does not count as an attempt.
            } else if (error != null) {
                drop(event, retries, error);
            } else if (!answer.result().failed()) {
                room.release();
            } else if (retries == event.policy().maximumRetryAttempts()) {
                drop(event, retries, answer.result().payload());
            } else {
                later(event, retries, retries + 1, answer.result().payload());
            }
        });
    }

    private void later(Event event, int delay, int retries, Object reason) {
        try {
            Future<?> unused = timer.schedule(
                    () -> {
                        Instant expiry = event.accepted.plus(event.policy().maximumEventAge());
                        if (settings.clock().instant().isAfter(expiry)) {
                            drop(
                                    event,
                                    delay,
                                    "it is older than " + event.policy().maximumEventAge() + "; " + reason);
                        } else {
                            attempt(event, retries);
                        }
                    },
                    settings.asyncRetryDelays().get(delay).toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            drop(event, delay, "the stack was closed before the next attempt; " + reason);
        }
    }

    private void drop(Event event, int retries, Object reason) {
        room.release();
        settings.logSink()
                .accept("[" + event.callee.definition().name() + "] asynchronous event " + event.requestId
                        + " dropped after " + retries + (retries == 1 ? " retry: " : " retries: ") + reason);
    }

    private record Event(Callee callee, String requestId, String payload, Instant accepted) {

        AsyncRetryPolicy policy() {
            return callee.definition().asyncRetryPolicy();
        }
    }
}
