package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Meter;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What all functions of a stack share.
 *
 * @param region as it appears in ARNs and in {@code AWS_REGION}
 * @param accountId as it appears in ARNs
 * @param clock tells handlers how much time remains, and how old an asynchronous event is
 * @param requestIds makes the ids of invocations
 * @param asyncRetryDelays the wait before each retry of an asynchronous invocation; AWS: one minute, then two
 * @param faults which invocations are throttled without need
 * @param meter counts every invocation
 * @param logSink takes every line that a function logs; called from many threads
 * @since 0.1.0
 */
public record LambdaSettings(
        String region,
        String accountId,
        Clock clock,
        Supplier<String> requestIds,
        List<Duration> asyncRetryDelays,
        FaultInjector faults,
        Meter meter,
        Consumer<String> logSink) {

    /**
     * Checks the delays.
     *
     * @throws IllegalArgumentException if there are not exactly two delays
     */
    public LambdaSettings {
        asyncRetryDelays = List.copyOf(asyncRetryDelays);
        if (asyncRetryDelays.size() != 2) {
            throw new IllegalArgumentException(
                    "asyncRetryDelays must be two, one before each retry, not " + asyncRetryDelays);
        }
    }
}
