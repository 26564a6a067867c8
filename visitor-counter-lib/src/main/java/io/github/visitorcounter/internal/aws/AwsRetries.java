package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;


import java.time.Duration;
import java.util.function.Predicate;

/** How calls to AWS are repeated. */
final class AwsRetries {

    private static final Duration FIRST_WAIT = Duration.ofMillis(25);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** A transaction that met another is free again after some milliseconds. */
    private static final Duration MAX_WAIT_AFTER_A_CONFLICT = Duration.ofMillis(200);

    private AwsRetries() {}

    static Retry standard(TimeSource timekeeper, Predicate<RuntimeException> retryable) {
        return new Retry(timekeeper, Backoff.jittered(FIRST_WAIT, LONGEST_WAIT, timekeeper), retryable);
    }

    static Backoff afterFailures(TimeSource timekeeper) {
        return Backoff.jittered(FIRST_WAIT, LONGEST_WAIT, timekeeper);
    }

    static Backoff afterConflicts(TimeSource timekeeper) {
        return Backoff.jittered(FIRST_WAIT, MAX_WAIT_AFTER_A_CONFLICT, timekeeper);
    }
}
