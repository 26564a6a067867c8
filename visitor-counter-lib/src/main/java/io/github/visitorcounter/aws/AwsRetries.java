package io.github.visitorcounter.aws;

import io.github.visitorcounter.time.Backoff;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** How calls to AWS are repeated. */
final class AwsRetries {

    private static final Duration FIRST_WAIT = Duration.ofMillis(25);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private AwsRetries() {}

    static Retry standard(Predicate<RuntimeException> retryable) {
        // Not a field of its own: the generator of a snapshot would draw the same numbers in every function restored
        // from it.
        Backoff backoff = new Backoff(
                FIRST_WAIT, LONGEST_WAIT, () -> ThreadLocalRandom.current().nextDouble());
        return new Retry(Timekeeper.system(), backoff, retryable);
    }
}
