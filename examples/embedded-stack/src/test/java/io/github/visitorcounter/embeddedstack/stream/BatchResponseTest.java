package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.stream.StreamFakes.SteppedClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BatchResponseTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5 | null",
                "5 | {}",
                "5 | {'batchItemFailures': null}",
                "5 | {'batchItemFailures': []}",
                "5 | {'other': 1}",
                "5 | 'done'",
                "2 | {'batchItemFailures': [{'itemIdentifier': '13'}]}",
                "1 | {'batchItemFailures': [{'itemIdentifier': '14'}, {'itemIdentifier': '12'}]}",
                "0 | {'batchItemFailures': [{'itemIdentifier': '11'}]}",
                "0 | {'batchItemFailures': [{'itemIdentifier': '99'}]}",
                "0 | {'batchItemFailures': [{'itemIdentifier': '13'}, {'itemIdentifier': '99'}]}",
                "0 | {'batchItemFailures': [{'itemIdentifier': ''}]}",
                "0 | {'batchItemFailures': [{'itemIdentifier': null}]}",
                "0 | {'batchItemFailures': [{'wrongKey': '13'}]}",
                "0 | {'batchItemFailures': [null]}",
                "0 | {'batchItemFailures': 'all'}",
                "0 | {'batchItemFailures': [",
            })
    void counts_the_records_processed(int processed, String answer) {
        assertThat(BatchResponse.processed(answer.replace('\'', '"'), StreamFakes.records(11, 15, new SteppedClock())))
                .isEqualTo(processed);
    }
}
