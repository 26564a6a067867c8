package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.stream.StreamFakes.SteppedClock;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class BatchAssemblerTest {

    private final SteppedClock clock = new SteppedClock();

    @Test
    void without_a_window_all_records_are_due() {
        BatchAssembler assembler = new BatchAssembler(100, Duration.ZERO, clock);
        assembler.add(StreamFakes.records(1, 3, clock));
        assertThat(numbers(assembler.take())).containsExactly("1", "2", "3");
        assertThat(assembler.isEmpty()).isTrue();
        assertThat(assembler.take()).isEmpty();
    }

    @Test
    void a_batch_ends_at_the_batch_size_and_keeps_the_order() {
        BatchAssembler assembler = new BatchAssembler(2, Duration.ZERO, clock);
        assembler.add(StreamFakes.records(1, 5, clock));
        assertThat(assembler.isFull()).isTrue();
        assertThat(numbers(assembler.take())).containsExactly("1", "2");
        assertThat(numbers(assembler.take())).containsExactly("3", "4");
        assertThat(assembler.isFull()).isFalse();
        assertThat(numbers(assembler.take())).containsExactly("5");
    }

    @Test
    void a_window_gathers_until_it_has_passed_since_the_first_record() {
        BatchAssembler assembler = new BatchAssembler(100, Duration.ofSeconds(2), clock);
        assembler.add(StreamFakes.records(1, 1, clock));
        clock.advance(Duration.ofSeconds(1));
        assembler.add(StreamFakes.records(2, 2, clock));
        assertThat(assembler.take()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(numbers(assembler.take())).containsExactly("1", "2");
    }

    @Test
    void a_full_batch_does_not_wait_for_the_window() {
        BatchAssembler assembler = new BatchAssembler(2, Duration.ofMinutes(5), clock);
        assembler.add(StreamFakes.records(1, 3, clock));
        assertThat(numbers(assembler.take())).containsExactly("1", "2");
        assertThat(assembler.take()).isEmpty();
    }

    @Test
    void a_window_begins_when_the_invocation_completes() {
        BatchAssembler assembler = new BatchAssembler(2, Duration.ofSeconds(5), clock);
        assembler.add(StreamFakes.records(1, 3, clock));
        assertThat(numbers(assembler.take())).containsExactly("1", "2");
        clock.advance(Duration.ofSeconds(7));
        assembler.invocationCompleted();
        assertThat(assembler.untilDue()).isEqualTo(Duration.ofSeconds(5));
        clock.advance(Duration.ofMillis(4999));
        assertThat(assembler.take()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(numbers(assembler.take())).containsExactly("3");
        assertThat(assembler.untilDue()).isZero();
    }

    @Test
    void a_batch_ends_at_six_megabytes() {
        BatchAssembler assembler = new BatchAssembler(100, Duration.ofMinutes(5), clock);
        int half = BatchAssembler.MAX_BATCH_BYTES / 2 - 10;
        for (int i = 1; i <= 3; i++) {
            assembler.add(List.of(StreamFakes.streamRecord(i, "INSERT", half, clock.instant())));
        }
        assertThat(numbers(assembler.take())).containsExactly("1", "2");
        assertThat(assembler.take()).isEmpty();
    }

    private static List<String> numbers(List<StreamRecord> records) {
        return records.stream().map(StreamRecord::sequenceNumber).toList();
    }
}
