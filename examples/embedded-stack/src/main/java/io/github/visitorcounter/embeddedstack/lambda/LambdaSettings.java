package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Meter;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The settings of all functions of a stack.
 *
 * @param region as it appears in ARNs and in {@code AWS_REGION}
 * @param accountId as it appears in ARNs
 * @param clock measures the remaining time of handlers, and the age of asynchronous events
 * @param requestIds generates the ids of invocations
 * @param asyncRetryDelays the wait before each retry of an asynchronous invocation; AWS: one minute, then two
 * @param faults decides which invocations are throttled
 * @param meter counts every invocation
 * @param logSink receives every log line of functions; called from many threads
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

    LambdaSettings withLogSink(Consumer<String> sink) {
        return new LambdaSettings(region, accountId, clock, requestIds, asyncRetryDelays, faults, meter, sink);
    }
}
