package io.github.visitorcounter.benchmark.micro;

import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.lambda.BroadcastRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventBenchmarkTest {

    @Test
    void the_measured_steps_succeed() throws Exception {
        EventBenchmark benchmark = new EventBenchmark();

        assertThat(benchmark.connect().toString()).contains("200");
        assertThat(((BroadcastRequest.Stream) benchmark.hundredRecords())
                        .batch()
                        .triggers())
                .extracting(BroadcastTrigger::counterId)
                .containsExactly("site");
    }
}
