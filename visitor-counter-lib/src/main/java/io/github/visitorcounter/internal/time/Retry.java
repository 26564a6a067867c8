package io.github.visitorcounter.internal.time;

import io.github.visitorcounter.ServiceUnavailableException;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Retries idempotent calls with backoff until a deadline. Thread-safe. */
public final class Retry {

    private final TimeSource timeSource;
    private final Backoff backoff;
    private final Predicate<RuntimeException> retryable;

    /**
     * Creates a retry policy.
     *
     * @param timeSource the clock, which also waits
     * @param backoff the waits between attempts
     * @param retryable whether a failure may be retried
     */
    public Retry(TimeSource timeSource, Backoff backoff, Predicate<RuntimeException> retryable) {
        this.timeSource = timeSource;
        this.backoff = backoff;
        this.retryable = retryable;
    }

    /**
     * Calls until the call succeeds, fails with a failure that may not be retried, or the deadline is reached.
     *
     * @param <T> what the call returns
     * @param what names the call in an error message
     * @param deadline when to give up
     * @param call the call; it must be idempotent
     * @return what the call returned
     * @throws ServiceUnavailableException if it still failed at the deadline, or the thread was interrupted
     */
    public <T> T call(String what, Deadline deadline, Supplier<T> call) {
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (RuntimeException failure) {
                if (!retryable.test(failure)) {
                    throw failure;
                }
                pause(what, deadline, attempt, failure);
            }
        }
    }

    private void pause(String what, Deadline deadline, int attempt, RuntimeException failure) {
        Duration delay = backoff.delay(attempt);
        if (delay.compareTo(deadline.remaining(timeSource.now())) >= 0) {
            throw new ServiceUnavailableException(
                    what + " failed " + (attempt + 1) + " times and the invocation has no time left: "
                            + failure.getMessage(),
                    failure);
        }
        try {
            timeSource.sleep(delay);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException(what + " was interrupted while it waited to retry", failure);
        }
    }
}
