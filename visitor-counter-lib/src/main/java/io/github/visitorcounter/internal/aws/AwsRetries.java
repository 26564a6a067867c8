package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;

import java.time.Duration;
import java.util.function.Predicate;

/** How calls to AWS are repeated. */
public final class AwsRetries {

    private static final Duration FIRST_WAIT = Duration.ofMillis(25);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** A transaction that met another is free again after some milliseconds. */
    private static final Duration MAX_WAIT_AFTER_A_CONFLICT = Duration.ofMillis(200);

    private AwsRetries() {}

    public static Retry standard(TimeSource timeSource, Predicate<RuntimeException> retryable) {
        return new Retry(timeSource, Backoff.jittered(FIRST_WAIT, LONGEST_WAIT, timeSource), retryable);
    }

    public static Backoff afterFailures(TimeSource timeSource) {
        return Backoff.jittered(FIRST_WAIT, LONGEST_WAIT, timeSource);
    }

    public static Backoff afterConflicts(TimeSource timeSource) {
        return Backoff.jittered(FIRST_WAIT, MAX_WAIT_AFTER_A_CONFLICT, timeSource);
    }
}
