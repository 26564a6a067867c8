package io.github.visitorcounter.embeddedstack.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A shard, a function and a clock for single-threaded tests. */
final class StreamFakes {

    private static final JsonMapper JSON = new JsonMapper();

    private StreamFakes() {}

    /** A clock that advances only when a poller pauses. */
    static final class SteppedClock extends Clock implements PollerState {

        private Instant now = Instant.parse("2026-11-24T08:00:00Z");
        private final List<Duration> pauses = new ArrayList<>();
        private int pausesUntilStop = Integer.MAX_VALUE;

        void stopAfterPauses(int count) {
            pausesUntilStop = count;
        }

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        List<Duration> pauses() {
            return pauses;
        }

        @Override
        public boolean running() {
            return pauses.size() < pausesUntilStop;
        }

        @Override
        public void pause(Duration duration) {
            pauses.add(duration);
            advance(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** Returns the records of a test, one list for each read. */
    static final class FakeShard implements ShardReader {

        private final Queue<List<StreamRecord>> reads = new ArrayDeque<>();

        void write(List<StreamRecord> records) {
            reads.add(records);
        }

        @Override
        public List<StreamRecord> read() {
            List<StreamRecord> next = reads.poll();
            return next == null ? List.of() : next;
        }
    }

    /** Returns scripted answers, then success; records its events. */
    static final class FakeFunction implements FunctionInvoker {

        private final Queue<CompletableFuture<InvocationResult>> answers = new ArrayDeque<>();
        private final List<String> batches = new ArrayList<>();
        private Runnable whileInvoked = () -> {};
        private final List<Instant> invokedAt = new ArrayList<>();
        private final Clock clock;

        FakeFunction(Clock clock) {
            this.clock = clock;
        }

        FakeFunction whileInvoked(Runnable action) {
            whileInvoked = action;
            return this;
        }

        FakeFunction answers(String payload) {
            answers.add(CompletableFuture.completedFuture(new InvocationResult("r", payload, null)));
            return this;
        }

        FakeFunction fails() {
            answers.add(CompletableFuture.completedFuture(new InvocationResult("r", "{}", "Unhandled")));
            return this;
        }

        FakeFunction cannotBeInvoked() {
            answers.add(CompletableFuture.failedFuture(new IllegalStateException("throttled")));
            return this;
        }

        @Override
        public CompletableFuture<InvocationResult> invoke(String functionName, String payload) {
            List<String> numbers = new ArrayList<>();
            parse(payload)
                    .path("Records")
                    .forEach(one -> numbers.add(
                            one.path("dynamodb").path("SequenceNumber").asText()));
            batches.add(String.join(",", numbers));
            invokedAt.add(clock.instant());
            whileInvoked.run();
            CompletableFuture<InvocationResult> answer = answers.poll();
            return answer == null ? CompletableFuture.completedFuture(new InvocationResult("r", "null", null)) : answer;
        }

        /** The sequence numbers of each invocation's records, such as {@code 1,2,3}. */
        List<String> batches() {
            return batches;
        }

        List<Instant> invokedAt() {
            return invokedAt;
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    static StreamRecord streamRecord(int number, String eventName, int bytes, Instant readAt) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("eventName", eventName);
        json.putObject("dynamodb").put("SequenceNumber", Integer.toString(number));
        return new StreamRecord(Integer.toString(number), json, bytes, readAt);
    }

    /** Small records with the sequence numbers from first to last. */
    static List<StreamRecord> records(int first, int last, Clock clock) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> streamRecord(number, "MODIFY", 100, clock.instant()))
                .toList();
    }
}
