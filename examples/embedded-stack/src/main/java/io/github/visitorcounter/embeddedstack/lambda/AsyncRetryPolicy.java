package io.github.visitorcounter.embeddedstack.lambda;

import java.time.Duration;

/**
 * The retries of failed asynchronous invocations ({@code Event}): after one minute, then two, as on AWS.
 *
 * @param maximumRetryAttempts 0 to 2
 * @param maximumEventAge above zero, at most 6 hours; an event older than this is dropped instead of retried. AWS
 *     allows no less than 60 seconds
 * @since 0.1.0
 */
public record AsyncRetryPolicy(int maximumRetryAttempts, Duration maximumEventAge) {

    /** AWS's default: two retries within six hours. */
    public static final AsyncRetryPolicy DEFAULT = new AsyncRetryPolicy(2, Duration.ofHours(6));

    /**
     * Checks both values.
     *
     * @throws IllegalArgumentException if one is outside what AWS allows
     */
    public AsyncRetryPolicy {
        if (maximumRetryAttempts < 0 || maximumRetryAttempts > 2) {
            throw new IllegalArgumentException("maximumRetryAttempts must be 0 to 2, not " + maximumRetryAttempts);
        }
        if (maximumEventAge.isNegative()
                || maximumEventAge.isZero()
                || maximumEventAge.compareTo(Duration.ofHours(6)) > 0) {
            throw new IllegalArgumentException(
                    "maximumEventAge must be above zero and at most 6 hours, not " + maximumEventAge);
        }
    }
}
