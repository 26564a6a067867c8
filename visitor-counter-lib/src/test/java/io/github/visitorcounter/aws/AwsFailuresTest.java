package io.github.visitorcounter.aws;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

import static org.assertj.core.api.Assertions.assertThat;

class AwsFailuresTest {

    @Test
    void a_transaction_that_is_still_under_way_and_a_conflict_with_one_pass() {
        assertThat(AwsFailures.isTransient(
                        error(TransactionInProgressException.builder(), "TransactionInProgressException")))
                .isTrue();
        assertThat(AwsFailures.isTransient(
                        error(TransactionConflictException.builder(), "TransactionConflictException")))
                .isTrue();
        assertThat(AwsFailures.isTransient(
                        error(ConditionalCheckFailedException.builder(), "ConditionalCheckFailedException")))
                .isFalse();
    }

    private static RuntimeException error(DynamoDbException.Builder builder, String code) {
        return builder.statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
