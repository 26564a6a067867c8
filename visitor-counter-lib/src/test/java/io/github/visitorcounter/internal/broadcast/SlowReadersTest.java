package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.delivery.BroadcastPass;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.delivery.PassPlan;
import io.github.visitorcounter.internal.broadcast.delivery.PassPorts;
import io.github.visitorcounter.internal.broadcast.delivery.PassResult;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.LeaseRenewer;
import io.github.visitorcounter.internal.broadcast.lease.WaitAllowance;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import static org.assertj.core.api.Assertions.assertThat;

/** API Gateway answers 429 for a slow client as well as for an account that exceeds its quota. */
class SlowReadersTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final int CONCURRENCY = 256;
    private static final Duration LATENCY = Duration.ofMillis(20);

    @ParameterizedTest
    @CsvSource({"2000, 1", "2000, 20", "2000, 60", "10000, 1", "10000, 100"})
    void slow_readers_do_not_delay_the_others(int audience, int slow) {
        Gateway gateway = new Gateway();
        InMemoryStore store = new InMemoryStore(gateway, 1_000);
        for (int i = 0; i < audience; i++) {
            store.addConnection(Connection.opened("v" + i, "site", gateway.now().minusSeconds(60)), LATER);
            if (i % (audience / slow) == 0) {
                gateway.slow.add("v" + i);
            }
        }
        Backoff backoff = Backoff.jittered(Duration.ofMillis(50), Duration.ofSeconds(1), gateway);
        PassPorts ports =
                new PassPorts(store, gateway, CONCURRENCY, Duration.ofSeconds(10), backoff, gateway, Runnable::run);
        Instant start = gateway.now();

        PassResult result = new BroadcastPass(
                        new PassPlan("hello", List.of(), Set.of(), PageRequest.first("site")),
                        ports,
                        StaleConnectionPolicy.DELETE_ON_GONE,
                        LeaseRenewer.NOT_NEEDED,
                        new WaitAllowance(),
                        FailureLog.NONE,
                        LATER)
                .run();

        assertThat(gateway.delivered).isEqualTo(audience - gateway.slow.size());
        assertThat(result.unsent()).hasSize(gateway.slow.size());
        Duration alone = LATENCY.multipliedBy(audience / CONCURRENCY + 1);
        assertThat(Duration.between(start, gateway.lastDelivered)).isLessThan(alone.plusMillis(200));
    }

    /** A gateway whose answers have a latency, with a time source that advances to the next answer. */
    private static final class Gateway implements TimeSource, Poster {

        private record Answer(Instant at, long number, Runnable complete) {}

        private final PriorityQueue<Answer> answers =
                new PriorityQueue<>(Comparator.comparing(Answer::at).thenComparing(Answer::number));
        private final Random random = new Random(7);
        private final Set<String> slow = new HashSet<>();
        private Instant now = Instant.parse("2026-11-24T10:00:00Z");
        private Instant lastDelivered = now;
        private long posts;
        private int delivered;

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public double jitter() {
            return random.nextDouble();
        }

        @Override
        public void sleep(Duration duration) {
            throw new AssertionError("A pass must only wait for events");
        }

        @Override
        public <T> T poll(BlockingQueue<T> queue, Duration atMost) {
            Instant end = now.plus(atMost.isNegative() ? Duration.ZERO : atMost);
            while (queue.isEmpty() && !answers.isEmpty() && !answers.peek().at().isAfter(end)) {
                Answer next = answers.remove();
                now = next.at();
                next.complete().run();
            }
            T next = queue.poll();
            if (next == null) {
                now = end;
            }
            return next;
        }

        @Override
        public CompletionStage<PostOutcome> post(String connectionId, String message) {
            CompletableFuture<PostOutcome> answer = new CompletableFuture<>();
            answers.add(new Answer(now.plus(LATENCY), posts++, () -> {
                if (slow.contains(connectionId)) {
                    answer.complete(FakePoster.THROTTLED);
                } else {
                    delivered++;
                    lastDelivered = now;
                    answer.complete(PostOutcome.DELIVERED);
                }
            }));
            return answer;
        }
    }
}
