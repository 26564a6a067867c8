package io.github.visitorcounter.internal.aws;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.lambda.model.LambdaException;

import static org.assertj.core.api.Assertions.assertThat;

class AwsFailuresTest {

    @Test
    void transactions_in_progress_and_conflicts_are_transient() {
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

    @Test
    void denial_is_found_among_the_causes() {
        RuntimeException denied = error(DynamoDbException.builder(), "AccessDeniedException");
        assertThat(AwsFailures.isDenied(denied)).isTrue();
        assertThat(AwsFailures.isDenied(new IllegalStateException(denied))).isTrue();
        assertThat(AwsFailures.isDenied(
                        LambdaException.builder().statusCode(403).build()))
                .isTrue();
        assertThat(AwsFailures.isDenied(error(DynamoDbException.builder(), "ResourceNotFoundException")))
                .isFalse();
    }

    private static RuntimeException error(DynamoDbException.Builder builder, String code) {
        return builder.statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
