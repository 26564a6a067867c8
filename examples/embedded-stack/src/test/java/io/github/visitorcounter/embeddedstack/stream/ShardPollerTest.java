package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.stream.StreamFakes.FakeFunction;
import io.github.visitorcounter.embeddedstack.stream.StreamFakes.FakeShard;
import io.github.visitorcounter.embeddedstack.stream.StreamFakes.SteppedClock;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

class ShardPollerTest {

    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final SteppedClock clock = new SteppedClock();
    private final FakeShard shard = new FakeShard();
    private final FakeFunction function = new FakeFunction(clock);
    private final FaultInjector faults = new FaultInjector(new Random(1));

    @Test
    void pauses_only_when_there_are_no_records() {
        shard.write(StreamFakes.records(1, 3, clock));
        shard.write(StreamFakes.records(4, 4, clock));
        runUntilPaused(poller(mapping().batchSize(2)), 1);
        assertThat(function.batches()).containsExactly("1,2", "3,4");
        assertThat(clock.pauses()).containsExactly(INTERVAL);
    }

    @Test
    void a_window_gathers_the_records_of_several_polls() {
        shard.write(StreamFakes.records(1, 1, clock));
        shard.write(List.of());
        shard.write(StreamFakes.records(2, 2, clock));
        runUntilPaused(poller(mapping().maximumBatchingWindowInSeconds(1)), 8);
        assertThat(function.batches()).containsExactly("1,2");
    }

    @Test
    void a_window_is_over_to_the_millisecond_and_not_at_the_next_poll() {
        shard.write(StreamFakes.records(1, 1, clock));
        ShardPoller poller = new ShardPoller(
                mapping().maximumBatchingWindowInSeconds(1).build(),
                shard,
                function,
                faults,
                clock,
                clock,
                Duration.ofMillis(400));
        Instant firstRecord = clock.instant();
        runUntilPaused(poller, 3);
        assertThat(function.batches()).isEmpty();
        runUntilPaused(poller, 4);
        assertThat(function.batches()).containsExactly("1");
        assertThat(clock.pauses()).startsWith(Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofMillis(200));
        assertThat(function.invokedAt()).containsExactly(firstRecord.plusSeconds(1));
    }

    @Test
    void the_remainder_of_a_full_batch_has_a_window() {
        shard.write(StreamFakes.records(1, 3, clock));
        function.whileInvoked(() -> clock.advance(Duration.ofSeconds(7)));
        Instant begun = clock.instant();
        runUntilPaused(poller(mapping().batchSize(2).maximumBatchingWindowInSeconds(5)), 21);
        assertThat(function.batches()).containsExactly("1,2", "3");
        assertThat(function.invokedAt()).containsExactly(begun, begun.plusSeconds(12));
    }

    @Test
    void a_record_that_no_filter_matches_does_not_begin_a_window() {
        shard.write(List.of(StreamFakes.streamRecord(1, "INSERT", 10, clock.instant())));
        shard.write(List.of());
        shard.write(List.of());
        shard.write(List.of(StreamFakes.streamRecord(2, "MODIFY", 10, clock.instant())));
        Instant begun = clock.instant();
        runUntilPaused(poller(mapping().maximumBatchingWindowInSeconds(1).filter("{\"eventName\": [\"MODIFY\"]}")), 8);
        assertThat(function.batches()).containsExactly("2");
        assertThat(function.invokedAt())
                .as("half a second of polls before the record, and its window")
                .containsExactly(begun.plusMillis(1500));
    }

    @Test
    void filtered_records_never_reach_the_function() {
        shard.write(List.of(
                StreamFakes.streamRecord(1, "INSERT", 10, clock.instant()),
                StreamFakes.streamRecord(2, "MODIFY", 10, clock.instant()),
                StreamFakes.streamRecord(3, "REMOVE", 10, clock.instant())));
        shard.write(List.of(StreamFakes.streamRecord(4, "INSERT", 10, clock.instant())));
        runUntilPaused(
                poller(mapping().filter("{\"eventName\": [\"MODIFY\"]}").filter("{\"eventName\": [\"REMOVE\"]}")), 1);
        assertThat(function.batches()).containsExactly("2,3");
    }

    @Test
    void later_records_wait_for_a_failing_batch() {
        shard.write(StreamFakes.records(1, 1, clock));
        shard.write(StreamFakes.records(2, 2, clock));
        function.fails().fails();
        runUntilPaused(poller(mapping()), 3);
        assertThat(function.batches()).containsExactly("1", "1", "1", "2");
    }

    @Test
    void a_duplicated_batch_is_delivered_again_after_it_succeeded() {
        faults.set(duplicates(1, 0));
        shard.write(StreamFakes.records(1, 2, clock));
        shard.write(StreamFakes.records(3, 3, clock));
        runUntilPaused(poller(mapping()), 1);
        assertThat(function.batches()).containsExactly("1,2", "1,2", "3", "3");
    }

    @Test
    void a_reordered_duplicate_is_delivered_after_the_batch_that_follows() {
        faults.set(duplicates(1, 1));
        shard.write(StreamFakes.records(1, 2, clock));
        shard.write(StreamFakes.records(3, 3, clock));
        runUntilPaused(poller(mapping()), 1);
        assertThat(function.batches()).containsExactly("1,2", "3", "1,2");
    }

    @Test
    void is_drained_only_after_an_empty_poll() throws InterruptedException {
        ShardPoller poller = poller(mapping().maximumBatchingWindowInSeconds(1));
        shard.write(StreamFakes.records(1, 1, clock));
        CompletableFuture<Void> quiet = poller.quiet();
        poller.poll();
        assertThat(quiet).as("the record waits for its window").isNotDone();
        poller.poll();
        assertThat(quiet).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        poller.poll();
        assertThat(function.batches()).containsExactly("1");
        assertThat(quiet).as("nothing has been read since").isNotDone();
        poller.poll();
        assertThat(quiet).isCompleted();
        assertThat(poller.quiet()).as("asked after the poll").isNotDone();
    }

    @Test
    void stopping_completes_pending_waits() {
        ShardPoller poller = poller(mapping());
        CompletableFuture<Void> before = poller.quiet();
        clock.stopAfterPauses(0);
        poller.run();
        assertThat(before).isCompletedExceptionally();
        assertThat(poller.quiet()).isCompletedExceptionally();
    }

    @Test
    void a_failed_read_is_retried() {
        shard.write(StreamFakes.records(1, 1, clock));
        boolean[] failed = {false};
        ShardReader failsOnce = () -> {
            if (!failed[0]) {
                failed[0] = true;
                throw new IllegalStateException("no answer");
            }
            return shard.read();
        };
        ShardPoller poller = new ShardPoller(mapping().build(), failsOnce, function, faults, clock, clock, INTERVAL);
        runUntilPaused(poller, 2);
        assertThat(function.batches()).containsExactly("1");
    }

    private void runUntilPaused(ShardPoller poller, int pauses) {
        clock.stopAfterPauses(pauses);
        poller.run();
    }

    private ShardPoller poller(EventSourceMapping.Builder mapping) {
        return new ShardPoller(mapping.build(), shard, function, faults, clock, clock, INTERVAL);
    }

    private static EventSourceMapping.Builder mapping() {
        return EventSourceMapping.builder("VisitorCount", "broadcast");
    }

    private static Faults duplicates(double duplicateRatio, double reorderRatio) {
        return Faults.builder()
                .duplicateBatchRatio(duplicateRatio)
                .reorderBatchRatio(reorderRatio)
                .build();
    }
}
