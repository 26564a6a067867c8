package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.stream.StreamFakes.FakeFunction;
import io.github.visitorcounter.embeddedstack.stream.StreamFakes.SteppedClock;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class BatchDeliveryTest {

    private final SteppedClock clock = new SteppedClock();
    private final FakeFunction function = new FakeFunction(clock);
    private final FaultInjector faults = new FaultInjector(new Random(1));

    @Test
    void a_failed_batch_is_retried_with_backoff() throws InterruptedException {
        function.fails().fails().fails();
        assertThat(deliver(mapping(), 3)).isTrue();
        assertThat(function.batches()).containsExactly("1,2,3", "1,2,3", "1,2,3", "1,2,3");
        assertThat(clock.pauses())
                .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
    }

    @Test
    void the_pause_between_tries_is_bounded() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            function.fails();
        }
        assertThat(deliver(mapping(), 1)).isTrue();
        assertThat(clock.pauses()).hasSize(100).last().isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void a_batch_is_discarded_after_the_last_retry() throws InterruptedException {
        function.fails().fails().fails();
        assertThat(deliver(mapping().maximumRetryAttempts(2), 3)).isFalse();
        assertThat(function.batches()).hasSize(3);
    }

    @Test
    void with_no_retries_allowed_a_batch_is_tried_once() throws InterruptedException {
        function.fails();
        assertThat(deliver(mapping().maximumRetryAttempts(0), 3)).isFalse();
        assertThat(function.batches()).containsExactly("1,2,3");
    }

    @Test
    void a_failed_call_does_not_count_as_an_attempt() throws InterruptedException {
        function.cannotBeInvoked().cannotBeInvoked().fails();
        assertThat(deliver(mapping().maximumRetryAttempts(1), 1)).isTrue();
        assertThat(function.batches()).hasSize(4);
    }

    @Test
    void bisecting_isolates_the_failing_record_without_attempts() throws InterruptedException {
        // 1,2,3,4 → 1,2 | 3,4 → 3 | 4; record 3 always fails and may be tried twice.
        function.fails().answers("null").fails().fails().fails().answers("null");
        boolean processed = deliver(mapping().bisectBatchOnFunctionError(true).maximumRetryAttempts(1), 4);
        assertThat(function.batches()).containsExactly("1,2,3,4", "1,2", "3,4", "3", "3", "4");
        assertThat(processed).isFalse();
    }

    @Test
    void a_partial_failure_is_retried_from_the_lowest_record() throws InterruptedException {
        function.answers(failed("4", "3")).answers("{}");
        assertThat(deliver(mapping().reportBatchItemFailures(true), 5)).isTrue();
        assertThat(function.batches()).containsExactly("1,2,3,4,5", "3,4,5");
    }

    @Test
    void a_partial_failure_past_the_retries_discards_only_the_rest() throws InterruptedException {
        function.answers(failed("3"));
        assertThat(deliver(mapping().reportBatchItemFailures(true).maximumRetryAttempts(0), 5))
                .isFalse();
        assertThat(function.batches()).containsExactly("1,2,3,4,5");
    }

    @Test
    void an_unknown_record_fails_the_whole_batch() throws InterruptedException {
        function.answers(failed("77"));
        assertThat(deliver(mapping().reportBatchItemFailures(true), 2)).isTrue();
        assertThat(function.batches()).containsExactly("1,2", "1,2");
    }

    @Test
    void a_report_is_ignored_where_reporting_is_off() throws InterruptedException {
        function.answers(failed("1"));
        assertThat(deliver(mapping(), 2)).isTrue();
        assertThat(function.batches()).containsExactly("1,2");
    }

    @Test
    void bisect_splits_a_partial_failure_at_its_record() throws InterruptedException {
        function.answers(failed("3")).answers(failed("4")).answers("{}");
        boolean processed = deliver(
                mapping()
                        .reportBatchItemFailures(true)
                        .bisectBatchOnFunctionError(true)
                        .maximumRetryAttempts(0),
                4);
        assertThat(function.batches()).containsExactly("1,2,3,4", "3,4", "4");
        assertThat(processed).isTrue();
    }

    @Test
    void only_records_past_the_maximum_age_are_discarded() throws InterruptedException {
        List<StreamRecord> old = StreamFakes.records(1, 2, clock);
        clock.advance(Duration.ofSeconds(59));
        List<StreamRecord> young = StreamFakes.records(3, 3, clock);
        clock.advance(Duration.ofSeconds(2));
        BatchDelivery delivery = delivery(mapping().maximumRecordAgeInSeconds(60));
        boolean processed =
                delivery.deliver(Stream.concat(old.stream(), young.stream()).toList());
        assertThat(function.batches()).containsExactly("3");
        assertThat(processed).isFalse();
    }

    @Test
    void a_batch_that_always_fails_blocks_the_shard_for_a_day() throws InterruptedException {
        for (int i = 0; i < 20_000; i++) {
            function.fails();
        }
        assertThat(deliver(mapping(), 1)).isFalse();
        Duration blocked = clock.pauses().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(blocked).isBetween(Duration.ofHours(24), Duration.ofHours(24).plusSeconds(20));
    }

    @Test
    void stopping_ends_the_retries() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            function.fails();
        }
        clock.stopAfterPauses(2);
        assertThat(deliver(mapping(), 1)).isFalse();
        assertThat(function.batches()).hasSize(2);
    }

    @Test
    void the_fault_fails_a_batch_after_the_function_ran() throws InterruptedException {
        faults.set(failBatches());
        assertThat(deliver(mapping().maximumRetryAttempts(3), 2)).isFalse();
        assertThat(function.batches()).containsExactly("1,2", "1,2", "1,2", "1,2");
    }

    private static Faults failBatches() {
        return Faults.builder().failBatchRatio(1).build();
    }

    private static String failed(String... numbers) {
        return "{\"batchItemFailures\": [{\"itemIdentifier\": \"" + String.join("\"}, {\"itemIdentifier\": \"", numbers)
                + "\"}]}";
    }

    private static EventSourceMapping.Builder mapping() {
        return EventSourceMapping.builder("VisitorCount", "broadcast");
    }

    private boolean deliver(EventSourceMapping.Builder mapping, int records) throws InterruptedException {
        return delivery(mapping).deliver(StreamFakes.records(1, records, clock));
    }

    private BatchDelivery delivery(EventSourceMapping.Builder mapping) {
        return new BatchDelivery(mapping.build(), function, faults, clock, clock);
    }
}
