package io.github.visitorcounter.embeddedstack.stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventSourceMappingTest {

    @Test
    void has_the_defaults_of_aws() {
        EventSourceMapping mapping =
                EventSourceMapping.builder("VisitorCount", "broadcast").build();
        assertThat(mapping.batchSize()).isEqualTo(100);
        assertThat(mapping.maximumBatchingWindowInSeconds()).isZero();
        assertThat(mapping.maximumRetryAttempts()).isEqualTo(-1);
        assertThat(mapping.maximumRecordAgeInSeconds()).isEqualTo(-1);
        assertThat(mapping.bisectBatchOnFunctionError()).isFalse();
        assertThat(mapping.reportBatchItemFailures()).isFalse();
        assertThat(mapping.filters()).isEmpty();
        assertThat(mapping.enabled()).isTrue();
        assertThat(mapping.startingPosition()).isEqualTo(StartingPosition.TRIM_HORIZON);
    }

    @Test
    void reports_all_problems_at_once() {
        EventSourceMapping.Builder builder = EventSourceMapping.builder("VisitorCount", "broadcast")
                .batchSize(10_001)
                .maximumBatchingWindowInSeconds(301)
                .parallelizationFactor(2)
                .maximumRetryAttempts(-2)
                .maximumRecordAgeInSeconds(59);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table 'VisitorCount' to function 'broadcast'")
                .hasMessageContaining("batchSize is 10001: it must be from 1 to 10000")
                .hasMessageContaining("maximumBatchingWindowInSeconds is 301")
                .hasMessageContaining("parallelizationFactor is 2")
                .hasMessageContaining("maximumRetryAttempts is -2")
                .hasMessageContaining("maximumRecordAgeInSeconds is 59: it must be from 60 to 604800");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 60, 604_800})
    void accepts_the_ages_that_aws_accepts(int seconds) {
        assertThatCode(() -> EventSourceMapping.builder("tab", "fn")
                        .maximumRecordAgeInSeconds(seconds)
                        .build())
                .doesNotThrowAnyException();
    }
}
