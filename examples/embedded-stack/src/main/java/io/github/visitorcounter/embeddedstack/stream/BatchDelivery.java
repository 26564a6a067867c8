package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Invokes the function with a batch until its records are processed or discarded, by the mapping's error handling. */
final class BatchDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(BatchDelivery.class);

    /** AWS does not publish its backoff. */
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);

    /** The retention time of a stream. */
    private static final Duration RETENTION = Duration.ofHours(24);

    /** Longer than the maximum timeout of a function. */
    private static final Duration INVOCATION_LIMIT = Duration.ofMinutes(16);

    private final EventSourceMapping mapping;
    private final FunctionInvoker invoker;
    private final FaultInjector faults;
    private final Clock clock;
    private final PollerState state;
    private final Duration maximumAge;

    BatchDelivery(
            EventSourceMapping mapping, FunctionInvoker invoker, FaultInjector faults, Clock clock, PollerState state) {
        this.mapping = mapping;
        this.invoker = invoker;
        this.faults = faults;
        this.clock = clock;
        this.state = state;
        int seconds = mapping.maximumRecordAgeInSeconds();
        Duration configured = seconds == EventSourceMapping.UNLIMITED ? RETENTION : Duration.ofSeconds(seconds);
        this.maximumAge = configured.compareTo(RETENTION) < 0 ? configured : RETENTION;
    }

    /** Records to deliver, the number of their failed invocations, and of consecutive attempts for the backoff. */
    private record Attempt(List<StreamRecord> records, int failures, int tries) {}

    /**
     * Delivers a batch; returns early if the poller is stopped.
     *
     * @param batch at least one record
     * @return whether all records were processed
     */
    boolean deliver(List<StreamRecord> batch) throws InterruptedException {
        boolean allProcessed = true;
        Deque<Attempt> work = new ArrayDeque<>();
        work.push(new Attempt(batch, 0, 0));
        while (!work.isEmpty() && state.running()) {
            Attempt attempt = work.pop();
            List<StreamRecord> fresh = withoutTooOld(attempt.records());
            allProcessed &= fresh.size() == attempt.records().size();
            if (!fresh.isEmpty()) {
                allProcessed &= tryOnce(new Attempt(fresh, attempt.failures(), attempt.tries()), work);
            }
        }
        return allProcessed && work.isEmpty();
    }

    /** Makes one invocation, and pushes records to retry. Returns false if records were discarded. */
    private boolean tryOnce(Attempt attempt, Deque<Attempt> work) throws InterruptedException {
        List<StreamRecord> records = attempt.records();
        int processed;
        try {
            processed = invoke(records);
        } catch (ExecutionException | TimeoutException notMade) {
            if (!state.running()) {
                return false; // The stack is stopping the function.
            }
            LOG.warn(
                    "{} could not be invoked with {} records of {}, which is tried again: {}",
                    mapping.functionName(),
                    records.size(),
                    mapping.tableName(),
                    String.valueOf(notMade.getCause() == null ? notMade : notMade.getCause()));
            retry(new Attempt(records, attempt.failures(), attempt.tries() + 1), work);
            return true;
        }
        if (processed == records.size()) {
            return true;
        }
        if (mapping.bisectBatchOnFunctionError() && records.size() > 1) {
            // A split does not count as an attempt: in two halves, or at the record in the response.
            int middle = records.size() / 2;
            if (processed == 0) {
                work.push(new Attempt(records.subList(middle, records.size()), attempt.failures(), 0));
                work.push(new Attempt(records.subList(0, middle), attempt.failures(), 0));
            } else {
                work.push(new Attempt(records.subList(processed, records.size()), attempt.failures(), 0));
            }
            return true;
        }
        List<StreamRecord> remaining = records.subList(processed, records.size());
        int failures = attempt.failures() + 1;
        int allowed = mapping.maximumRetryAttempts();
        if (allowed != EventSourceMapping.UNLIMITED && failures > allowed) {
            discard(remaining, "RetryAttemptsExhausted");
            return false;
        }
        retry(new Attempt(remaining, failures, attempt.tries() + 1), work);
        return true;
    }

    private void retry(Attempt attempt, Deque<Attempt> work) throws InterruptedException {
        work.push(attempt);
        Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(attempt.tries() - 1, 20));
        state.pause(backoff.compareTo(MAX_BACKOFF) < 0 ? backoff : MAX_BACKOFF);
    }

    /** Returns how many records, from the first, the function processed. */
    private int invoke(List<StreamRecord> records) throws InterruptedException, ExecutionException, TimeoutException {
        InvocationResult result = started(records).get(INVOCATION_LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (result.failed() && !state.running()) {
            return 0;
        }
        if (result.failed()) {
            LOG.info(
                    "{} failed with {} records of {}: {}",
                    mapping.functionName(),
                    records.size(),
                    mapping.tableName(),
                    result.payload());
            return 0;
        }
        if (faults.occurs(faults.faults().failBatchRatio())) {
            return 0;
        }
        return mapping.reportBatchItemFailures() ? BatchResponse.processed(result.payload(), records) : records.size();
    }

    /** If the invoker throws, the batch is retried. */
    private CompletableFuture<InvocationResult> started(List<StreamRecord> records) {
        try {
            return invoker.invoke(mapping.functionName(), payload(records));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String payload(List<StreamRecord> records) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        ArrayNode array = event.putArray("Records");
        records.forEach(one -> array.add(one.json()));
        return event.toString();
    }

    private List<StreamRecord> withoutTooOld(List<StreamRecord> records) {
        Instant oldest = clock.instant().minus(maximumAge);
        int tooOld = 0;
        while (tooOld < records.size() && records.get(tooOld).readAt().isBefore(oldest)) {
            tooOld++;
        }
        if (tooOld > 0) {
            discard(records.subList(0, tooOld), "MaximumRecordAgeExceeded");
        }
        return records.subList(tooOld, records.size());
    }

    /** Logs what AWS would send to the on-failure destination. */
    private void discard(List<StreamRecord> records, String condition) {
        LOG.warn(
                "discarded {} records of {} that {} did not process: {}, sequence numbers {} to {}",
                records.size(),
                mapping.tableName(),
                mapping.functionName(),
                condition,
                records.get(0).sequenceNumber(),
                records.get(records.size() - 1).sequenceNumber());
    }
}
