package io.github.visitorcounter.internal.aws;

import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

import java.util.concurrent.CompletionException;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionsApiFailuresTest {

    private static final String ID = "L0SM9cOFvHcCIhw=";

    @ParameterizedTest
    @CsvSource({
        "400, REJECTED, VISITOR_COUNTER_CALLBACK_URL",
        "403, REJECTED, execute-api:ManageConnections",
        "404, REJECTED, VISITOR_COUNTER_CALLBACK_URL",
        "413, REJECTED, 128 KB",
        "429, THROTTLED, quota",
        "500, UNAVAILABLE, recurs",
        "503, UNAVAILABLE, recurs"
    })
    void every_status_has_a_check(int status, Kind kind, String check) {
        PostOutcome outcome = outcome(answer(status, "SomeException", "Forbidden"));

        assertThat(outcome.kind()).isEqualTo(kind);
        assertThat(outcome.failure().status()).isEqualTo(status);
        assertThat(outcome.failure().errorType()).isEqualTo("SomeException");
        assertThat(outcome.failure().errorMessage()).contains("Forbidden");
        assertThat(outcome.failure().check()).contains(check);
    }

    @Test
    void closed_connection_and_delivered_message_are_not_failures() {
        assertThat(outcome(answer(410, "GoneException", ""))).isEqualTo(PostOutcome.GONE);
        assertThat(outcome(answer(400, "BadRequestException", "Invalid connectionId: " + ID)))
                .isEqualTo(PostOutcome.GONE);
        assertThat(outcome(null)).isEqualTo(PostOutcome.DELIVERED);
    }

    @Test
    void timeout_and_unknown_host_are_distinguished() {
        FailedCall timeout = outcome(new CompletionException(
                        ApiCallTimeoutException.builder().message("late").build()))
                .failure();
        FailedCall noHost = outcome(SdkClientException.builder()
                        .message("UnknownHostException")
                        .build())
                .failure();

        assertThat(timeout.status()).isZero();
        assertThat(timeout.errorType()).isEqualTo("ApiCallTimeoutException");
        assertThat(timeout.check()).contains("VISITOR_COUNTER_POST_TIMEOUT_MILLIS");
        assertThat(noHost.errorType()).isEqualTo("SdkClientException");
        assertThat(noHost.check()).contains("host of VISITOR_COUNTER_CALLBACK_URL");
        assertThat(timeout.kind()).isNotEqualTo(noHost.kind());
    }

    @Test
    void failure_does_not_contain_the_connection_id() {
        FailedCall failure = outcome(answer(
                        403,
                        "AccessDeniedException",
                        "not authorized on .../@connections/" + ID + " (POST /prod/@connections/L0SM9cOFvHcCIhw%3D)"))
                .failure();

        assertThat(failure.toString()).doesNotContain("L0SM9cOFvHcCIhw").contains("/@connections/{connectionId}");
    }

    private static PostOutcome outcome(Throwable failure) {
        return ConnectionsApiFailures.outcome("PostToConnection", ID, failure);
    }

    private static Throwable answer(int status, String errorType, String message) {
        return ApiGatewayManagementApiException.builder()
                .statusCode(status)
                .message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(errorType)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
