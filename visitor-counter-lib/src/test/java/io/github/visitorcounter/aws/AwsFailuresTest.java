package io.github.visitorcounter.aws;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

import static org.assertj.core.api.Assertions.assertThat;

class AwsFailuresTest {

    /** Touching a counter while somebody arrives: the counter's row is part of that transaction. */
    @Test
    void a_write_that_meets_a_transaction_may_be_repeated() {
        assertThat(AwsFailures.isTransient(TransactionConflictException.builder()
                        .statusCode(400)
                        .message("Transaction is ongoing for the item")
                        .build()))
                .isTrue();
    }

    @Test
    void a_condition_that_failed_is_an_answer() {
        assertThat(AwsFailures.isTransient(
                        ConditionalCheckFailedException.builder().statusCode(400).build()))
                .isFalse();
    }
}
