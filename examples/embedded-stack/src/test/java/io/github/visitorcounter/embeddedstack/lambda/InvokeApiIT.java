package io.github.visitorcounter.embeddedstack.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.visitorcounter.embeddedstack.Await;
import io.github.visitorcounter.embeddedstack.Http;
import io.github.visitorcounter.embeddedstack.TestServer;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The real SDK's Lambda client against the Invoke API. */
class InvokeApiIT {

    private static final String INVOCATIONS = "/2015-03-31/functions/echo/invocations";

    private static Lambdas lambdas;
    private static TestServer server;
    private static LambdaClient client;

    @BeforeAll
    static void start() throws Exception {
        lambdas = Lambdas.of(
                FunctionDefinition.builder("echo")
                        .handlerObjects(EchoHandler::new)
                        .build(),
                FunctionDefinition.builder("reserved")
                        .reservedConcurrency(0)
                        .handlerObjects(EchoHandler::new)
                        .build(),
                FunctionDefinition.builder("failing")
                        .handlerObjects(() -> new RequestHandler<Object, Object>() {
                            @Override
                            public Object handleRequest(Object event, Context context) {
                                context.getLogger().log("x".repeat(5_000));
                                throw new IllegalStateException("as the test wants");
                            }
                        })
                        .build());
        server = TestServer.of(lambdas.lambda.invokeApi());
        client = LambdaClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + server.port()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        lambdas.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo",
                "echo:$LATEST",
                "function:echo",
                "123456789012:function:echo",
                "arn:aws:lambda:eu-central-1:123456789012:function:echo",
                "arn:aws:lambda:eu-central-1:123456789012:function:echo:$LATEST"
            })
    void a_function_is_invoked_by_each_of_its_names(String name) {
        InvokeResponse response = client.invoke(
                request -> request.functionName(name).payload(SdkBytes.fromUtf8String("{\"greeting\":\"Grüezi\"}")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.payload().asUtf8String()).isEqualTo("{\"greeting\":\"Grüezi\"}");
        assertThat(response.functionError()).isNull();
        assertThat(response.executedVersion()).isEqualTo("$LATEST");
        assertThat(response.responseMetadata().requestId()).matches("[0-9a-f-]{36}");
    }

    @Test
    void a_throttled_call_is_429_with_the_reason_of_aws() throws Exception {
        assertThatExceptionOfType(TooManyRequestsException.class)
                .isThrownBy(() -> client.invoke(request -> request.functionName("reserved")))
                .satisfies(throttled -> {
                    assertThat(throttled.statusCode()).isEqualTo(429);
                    assertThat(throttled.reasonAsString())
                            .isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
                    assertThat(throttled.type()).isEqualTo("User");
                    assertThat(throttled.awsErrorDetails().errorMessage()).isEqualTo("Rate Exceeded.");
                });
        assertThat(client.invoke(request -> request.functionName("reserved").invocationType(InvocationType.EVENT))
                        .statusCode())
                .as("an event is queued")
                .isEqualTo(202);
    }

    @Test
    void an_event_without_payload_is_an_empty_object() {
        assertThat(client.invoke(request -> request.functionName("echo").qualifier("$LATEST"))
                        .payload()
                        .asUtf8String())
                .isEqualTo("{}");
    }

    @Test
    void a_function_error_is_a_header_and_the_error_document() {
        InvokeResponse response = client.invoke(request -> request.functionName("failing"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(response.payload().asUtf8String()).contains("\"errorMessage\":\"as the test wants\"");
    }

    @Test
    void the_tail_of_the_log_is_at_most_4_kilobytes_and_ends_with_the_report() {
        InvokeResponse response =
                client.invoke(request -> request.functionName("failing").logType(LogType.TAIL));

        byte[] log = Base64.getDecoder().decode(response.logResult());
        assertThat(log).hasSize(4096);
        assertThat(new String(log, StandardCharsets.UTF_8))
                .contains("java.lang.IllegalStateException: as the test wants", "END RequestId: ")
                .containsPattern("REPORT RequestId: [0-9a-f-]{36}\tBilled Duration: \\d+ ms\tMemory Size: 512 MB\n$");
        assertThat(client.invoke(request -> request.functionName("failing")).logResult())
                .isNull();
    }

    @Test
    void an_asynchronous_invocation_is_accepted_at_once_and_runs() throws Exception {
        int before = lambdas.meter.invocations.size();

        InvokeResponse response =
                client.invoke(request -> request.functionName("echo").invocationType(InvocationType.EVENT));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.payload().asByteArray()).isEmpty();
        Await.until("the invocation", () -> lambdas.meter.invocations.size() == before + 1);
    }

    @Test
    void a_dry_run_runs_nothing() {
        int before = lambdas.meter.invocations.size();

        assertThat(client.invoke(request -> request.functionName("echo").invocationType(InvocationType.DRY_RUN))
                        .statusCode())
                .isEqualTo(204);
        assertThat(lambdas.meter.invocations).hasSize(before);
    }

    @Test
    void an_unknown_function_or_qualifier_is_not_found() {
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> client.invoke(request -> request.functionName("nobody")))
                .withMessageContaining("Function not found: arn:aws:lambda:eu-central-1:123456789012:function:nobody");
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() ->
                        client.invoke(request -> request.functionName("echo").qualifier("prod")))
                .withMessageContaining("function:echo:prod");
    }

    @Test
    void a_payload_that_is_not_json_is_rejected() {
        assertThatExceptionOfType(InvalidRequestContentException.class)
                .isThrownBy(() -> client.invoke(
                        request -> request.functionName("echo").payload(SdkBytes.fromUtf8String("{not json"))))
                .withMessageContaining("Could not parse request body into json");
    }

    @Test
    void payloads_over_the_limits_of_either_kind_are_rejected() {
        SdkBytes overOneMegabyte = SdkBytes.fromUtf8String('"' + "x".repeat(1024 * 1024) + '"');
        SdkBytes overSixMegabytes = SdkBytes.fromUtf8String('"' + "x".repeat(6 * 1024 * 1024) + '"');

        assertThat(client.invoke(request -> request.functionName("echo").payload(overOneMegabyte))
                        .statusCode())
                .isEqualTo(200);
        assertThatExceptionOfType(RequestTooLargeException.class)
                .isThrownBy(() -> client.invoke(request -> request.functionName("echo")
                        .invocationType(InvocationType.EVENT)
                        .payload(overOneMegabyte)))
                .withMessageContaining("1048576 bytes");
        assertThatExceptionOfType(RequestTooLargeException.class)
                .isThrownBy(() ->
                        client.invoke(request -> request.functionName("echo").payload(overSixMegabytes)))
                .withMessageContaining("6291456 bytes");
    }

    @Test
    void unknown_values_are_validation_errors() throws Exception {
        assertThatExceptionOfType(LambdaException.class)
                .isThrownBy(() ->
                        client.invoke(request -> request.functionName("echo").invocationType("Sometimes")))
                .matches(e -> e.statusCode() == 400)
                .withMessageContaining("RequestResponse, Event or DryRun, not 'Sometimes'");
        HttpResponse<String> twoQualifiers =
                Http.send("POST", server.port(), "/2015-03-31/functions/echo:$LATEST/invocations?Qualifier=prod", "{}");
        assertThat(twoQualifiers.statusCode()).isEqualTo(400);
        assertThat(twoQualifiers.headers().firstValue("x-amzn-ErrorType")).hasValue("InvalidParameterValueException");
        assertThat(Http.send("GET", server.port(), INVOCATIONS, "").statusCode())
                .isEqualTo(404);
    }
}
