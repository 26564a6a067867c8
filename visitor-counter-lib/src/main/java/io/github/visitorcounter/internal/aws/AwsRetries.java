package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.util.function.Predicate;

/** The backoff and retries of AWS calls. */
public final class AwsRetries {

    private static final Duration INITIAL_DELAY = Duration.ofMillis(25);
    private static final Duration MAX_DELAY = Duration.ofSeconds(1);

    /** A conflicting transaction ends within some milliseconds. */
    private static final Duration MAX_DELAY_AFTER_CONFLICT = Duration.ofMillis(200);

    private AwsRetries() {}

    public static Retry standard(TimeSource timeSource, Predicate<RuntimeException> retryable) {
        return new Retry(timeSource, Backoff.jittered(INITIAL_DELAY, MAX_DELAY, timeSource), retryable);
    }

    public static Backoff afterFailures(TimeSource timeSource) {
        return Backoff.jittered(INITIAL_DELAY, MAX_DELAY, timeSource);
    }

    public static Backoff afterConflicts(TimeSource timeSource) {
        return Backoff.jittered(INITIAL_DELAY, MAX_DELAY_AFTER_CONFLICT, timeSource);
    }
}
