package io.github.visitorcounter.embeddedstack.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.lambda.handlers.BrokenConstructorHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.BrokenInitialiserHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.ChatMessageHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.FailLastRecordHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.OrderHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.ThrowingHandler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Handlers named by class, in class loaders of their own. */
class HandlersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void a_stream_handler_reads_and_writes_bytes() throws Exception {
        assertThat(result(EchoHandler.class, "{ \"a\":1,\"ü\":\"€\" }").payload())
                .isEqualTo("{ \"a\":1,\"ü\":\"€\" }");
    }

    @Test
    void a_web_socket_event_becomes_its_class_and_the_response_becomes_json() throws Exception {
        InvocationResult result = result(ChatMessageHandler.class, """
                {"requestContext":{"routeKey":"say","messageId":"U_vNtdtRIAMCIoA=","eventType":"MESSAGE",
                 "connectedAt":1603677165298,"requestTimeEpoch":1603677169209,"connectionId":"U_vNFdo2IAMCIoA=",
                 "disconnectStatusCode":1005,"identity":{"sourceIp":"127.0.0.1"}},
                 "body":"{\\"action\\":\\"say\\"}","isBase64Encoded":false}""");

        JsonNode answer = JSON.readTree(result.payload());
        assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
        assertThat(answer.path("body").textValue()).isEqualTo("U_vNFdo2IAMCIoA= 1603677165298 {\"action\":\"say\"}");
    }

    @Test
    void a_stream_batch_becomes_its_class_and_its_failures_become_json() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("stream")
                .handler(FailLastRecordHandler.class)
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            InvocationResult result = lambdas.invoke("stream", """
                    {"Records":[{"eventID":"1","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb",
                     "awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1479499740,
                     "Keys":{"pk":{"S":"c"}},"NewImage":{"pk":{"S":"c"},"count":{"N":"7"}},"SequenceNumber":"111",
                     "SizeBytes":26,"StreamViewType":"NEW_IMAGE"},
                     "eventSourceARN":"arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/now"}]}""");

            assertThat(result.payload()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"111\"}]}");
            assertThat(lambdas.log)
                    .containsExactly("[stream] MODIFY 7 arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/now");
        }
    }

    @Test
    void types_are_found_through_the_class_hierarchy() throws Exception {
        assertThat(result(OrderHandler.class, "[{\"item\":\"tea\",\"pieces\":2},{\"item\":\"cup\",\"pieces\":3}]"))
                .extracting(InvocationResult::payload)
                .isEqualTo("5");
    }

    @Test
    void the_method_may_be_named() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("order")
                .handler(OrderHandler.class.getName() + "::handleRequest")
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            assertThat(lambdas.invoke("order", "[]").payload()).isEqualTo("0");
        }
    }

    @Test
    void an_exception_becomes_an_error_document_and_a_log() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("throwing")
                .handler(ThrowingHandler.class)
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            InvocationResult result = lambdas.invoke("throwing", "{}");

            assertThat(result.functionError()).isEqualTo("Unhandled");
            JsonNode error = JSON.readTree(result.payload());
            assertThat(error.path("errorMessage").textValue()).isEqualTo("not today");
            assertThat(error.path("errorType").textValue()).isEqualTo("java.lang.UnsupportedOperationException");
            assertThat(error.path("stackTrace").path(0).textValue())
                    .startsWith(ThrowingHandler.class.getName() + ".handleRequest(ThrowingHandler.java:");
            assertThat(error.path("stackTrace").valueStream().map(JsonNode::textValue))
                    .allMatch(frame -> frame.startsWith(ThrowingHandler.class.getName()));
            assertThat(lambdas.log.get(0)).isEqualTo("[throwing] java.lang.UnsupportedOperationException: not today");
            assertThat(lambdas.meter.invocations)
                    .singleElement()
                    .matches(metered -> metered.failed() && metered.function().equals("throwing"));
        }
    }

    @Test
    void an_event_that_does_not_fit_its_class_is_the_functions_error() throws Exception {
        assertThat(result(OrderHandler.class, "[{\"pieces\":\"many\"}]").failed())
                .isTrue();
    }

    @Test
    void a_constructor_that_throws_is_the_functions_error() throws Exception {
        JsonNode error =
                JSON.readTree(result(BrokenConstructorHandler.class, "{}").payload());

        assertThat(error.path("errorMessage").textValue()).isEqualTo("no table configured");
        assertThat(error.path("errorType").textValue()).isEqualTo("java.lang.IllegalArgumentException");
    }

    @Test
    void a_broken_initialiser_fails_each_time_with_its_cause() throws Exception {
        FunctionDefinition function = FunctionDefinition.builder("broken")
                .handler(BrokenInitialiserHandler.class)
                .build();
        try (Lambdas lambdas = Lambdas.of(function)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThat(lambdas.invoke("broken", "{}").payload()).contains("TABLE is not set");
            }
        }
    }

    @Test
    void a_missing_or_invalid_handler_is_the_functions_error() throws Exception {
        FunctionDefinition missing =
                FunctionDefinition.builder("missing").handler("example.Missing").build();
        FunctionDefinition none =
                FunctionDefinition.builder("none").handler("java.lang.Object").build();
        try (Lambdas lambdas = Lambdas.of(missing, none)) {
            assertThat(lambdas.invoke("missing", "{}").payload()).contains("Class not found: example.Missing");
            assertThat(lambdas.invoke("none", "{}").payload())
                    .contains(
                            "No public method named handleRequest with appropriate method signature found on class java.lang.Object");
        }
    }

    private static InvocationResult result(Class<?> handler, String payload) throws Exception {
        try (Lambdas lambdas = Lambdas.of(
                FunctionDefinition.builder("function").handler(handler).build())) {
            return lambdas.invoke("function", payload);
        }
    }
}
