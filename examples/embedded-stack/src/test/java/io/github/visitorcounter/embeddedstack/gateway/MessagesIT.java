package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.LambdaProxy;
import io.github.visitorcounter.embeddedstack.gateway.TestClient.Close;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

class MessagesIT {

    private static final int KB = 1024;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = new TestGateway(TestGateway.api().build());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @BeforeEach
    void reset() throws Exception {
        gateway.reset();
    }

    @Test
    void a_message_reaches_the_route_that_it_selects() throws Exception {
        TestClient client = gateway.connect().send("{\"action\":\"oneway\",\"text\":\"grüß\"}");

        JsonNode event = gateway.functions.next("oneway");
        JsonNode context = event.path("requestContext");
        assertThat(names(event)).containsExactlyInAnyOrder("requestContext", "body", "isBase64Encoded");
        assertThat(event.path("body").asText()).isEqualTo("{\"action\":\"oneway\",\"text\":\"grüß\"}");
        assertThat(names(context))
                .containsExactlyInAnyOrder(
                        "routeKey",
                        "messageId",
                        "eventType",
                        "extendedRequestId",
                        "requestTime",
                        "messageDirection",
                        "stage",
                        "connectedAt",
                        "requestTimeEpoch",
                        "identity",
                        "requestId",
                        "domainName",
                        "connectionId",
                        "apiId");
        assertThat(context.path("routeKey").asText()).isEqualTo("oneway");
        assertThat(context.path("eventType").asText()).isEqualTo("MESSAGE");
        assertThat(context.path("connectionId").asText()).isEqualTo(client.id);
        assertThat(context.path("messageId").asText()).matches("[A-Za-z0-9_-]{15}=");
        assertThat(gateway.meter.calls).containsExactly("accepted", "message 35");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "",
                "{\"action\":",
                "{\"action\":\"unknown\"}",
                "{\"action\":{}}",
                "[1]",
                "{\"action\":\"oneway\"} x",
                "{\"action\":\"$connect\"}",
                "{\"action\":\"$disconnect\"}"
            })
    void a_message_without_a_route_reaches_the_default_route(String message) throws Exception {
        gateway.connect().send(message);

        JsonNode event = gateway.functions.next("default");
        assertThat(event.path("requestContext").path("routeKey").asText()).isEqualTo("$default");
        assertThat(event.path("body").asText()).isEqualTo(message);
    }

    @Test
    void without_a_default_route_it_is_forbidden_and_the_connection_stays_open() throws Exception {
        try (TestGateway strict = new TestGateway(WebSocketApi.builder()
                .route("$connect", new LambdaProxy("connect"))
                .route("known", new LambdaProxy("known"))
                .build())) {
            TestClient client = strict.connect().send("hello");

            String frame = client.next();
            assertThat(frame)
                    .matches("\\{\"message\": \"Forbidden\", \"connectionId\":\"\\Q" + client.id
                            + "\\E\", \"requestId\":\"[A-Za-z0-9_-]{15}=\"}");
            client.send("{\"action\":\"known\"}");
            strict.functions.next("known");
            assertThat(strict.meter.calls).contains("message 5", "message " + frame.length(), "message 18");
        }
    }

    @Test
    void a_mock_answers_over_a_route_response_only() throws Exception {
        TestClient client = gateway.connect();

        client.send("{\"action\":\"silent\"}").send("{\"action\":\"ping\"}");

        assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
        TestGateway.await("the meter", () -> gateway.meter.calls.size() == 4);
        assertThat(gateway.meter.calls).containsExactly("accepted", "message 19", "message 17", "message 15");
    }

    @Test
    void a_function_answers_over_a_route_response_only() throws Exception {
        gateway.functions.answer("oneway", "{\"statusCode\":200,\"body\":\"never seen\"}");
        gateway.functions.answer("twoway", "{\"statusCode\":500,\"body\":\"the body\"}");
        TestClient client = gateway.connect();

        client.send("{\"action\":\"oneway\"}");
        gateway.functions.next("oneway");
        client.send("{\"action\":\"twoway\"}");

        assertThat(client.next()).isEqualTo("the body");
        gateway.functions.answer("twoway", ScriptedFunctions.OK);
        client.send("{\"action\":\"twoway\"}").send("{\"action\":\"ping\"}");
        assertThat(client.next()).as("no body, no answer").isEqualTo("{\"type\":\"pong\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneway", "twoway"})
    void an_integration_error_is_sent_without_its_cause(String route) throws Exception {
        gateway.functions.script(route, event -> CompletableFuture.completedFuture(ScriptedFunctions.crash()));
        TestClient client = gateway.connect().send("{\"action\":\"" + route + "\"}");
        String requestId = gateway.functions
                .next(route)
                .path("requestContext")
                .path("requestId")
                .asText();

        assertThat(client.next())
                .isEqualTo("{\"message\": \"Internal server error\", \"connectionId\":\"" + client.id
                        + "\", \"requestId\":\"" + requestId + "\"}");
        assertThat(client.send("{\"action\":\"ping\"}").next()).isEqualTo("{\"type\":\"pong\"}");
    }

    @Test
    void a_throttled_function_is_an_internal_server_error() throws Exception {
        gateway.functions.throttle("oneway");
        TestClient client = gateway.connect().send("{\"action\":\"oneway\"}");

        assertThat(client.next()).startsWith("{\"message\": \"Internal server error\"");
    }

    @Test
    void an_answer_that_is_too_long_for_a_message_is_an_internal_server_error() throws Exception {
        TestClient client = gateway.connect();

        gateway.functions.answer("twoway", "{\"statusCode\":200,\"body\":\"" + "x".repeat(128 * KB) + "\"}");
        assertThat(client.send("{\"action\":\"twoway\"}").next()).hasSize(128 * KB);
        gateway.functions.answer("twoway", "{\"statusCode\":200,\"body\":\"" + "x".repeat(128 * KB + 1) + "\"}");
        assertThat(client.send("{\"action\":\"twoway\"}").next()).startsWith("{\"message\": \"Internal server error\"");
    }

    @Test
    void a_timeout_of_a_function_is_sent_to_the_sender() throws Exception {
        try (TestGateway impatient = new TestGateway(
                TestGateway.api().integrationTimeout(Duration.ofMillis(100)).build())) {
            impatient.functions.script("oneway", event -> new CompletableFuture<>());

            assertThat(impatient.connect().send("{\"action\":\"oneway\"}").next())
                    .startsWith("{\"message\": \"Endpoint request timed out\", \"connectionId\":\"");
        }
    }

    @Test
    void messages_are_processed_concurrently_and_none_is_lost() throws Exception {
        List<CompletableFuture<InvocationResult>> running = new ArrayList<>();
        gateway.functions.script("twoway", event -> {
            synchronized (running) {
                running.add(new CompletableFuture<>());
                return running.get(running.size() - 1);
            }
        });
        TestClient client = gateway.connect();
        Set<String> sent = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            String message = "{\"action\":\"twoway\",\"n\":" + i + "}";
            sent.add(message);
            client.send(message);
        }

        Set<String> received = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            received.add(gateway.functions.next("twoway").path("body").asText());
        }

        assertThat(received).isEqualTo(sent);
        synchronized (running) {
            assertThat(running).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void a_message_of_128_KB_in_frames_of_32_KB_is_one_message() throws Exception {
        byte[] quarter = "x".repeat(32 * KB).getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = connectRaw()) {
            client.frame(false, 1, quarter)
                    .frame(false, 0, quarter)
                    .frame(true, 9, new byte[0])
                    .frame(false, 0, quarter)
                    .frame(true, 0, quarter);

            assertThat(gateway.functions.next("default").path("body").asText()).hasSize(128 * KB);
            assertThat(client.read().opcode())
                    .as("the ping between the frames is answered")
                    .isEqualTo(10);
        }
    }

    @Test
    void a_character_split_between_frames_stays_whole() throws Exception {
        byte[] umlaut = "ü".getBytes(StandardCharsets.UTF_8);
        try (RawClient client = connectRaw()) {
            client.frame(false, 1, new byte[] {umlaut[0]}).frame(true, 0, new byte[] {umlaut[1]});

            assertThat(gateway.functions.next("default").path("body").asText()).isEqualTo("ü");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32 * KB + 1, 128 * KB, 500 * KB})
    void a_frame_over_32_KB_closes_with_1009(int size) throws Exception {
        try (RawClient client = connectRaw()) {
            client.frame(true, 1, new byte[size]);

            assertThat(client.read().closeCode()).isEqualTo(1009);
            assertThat(gateway.functions
                            .next("disconnect")
                            .path("requestContext")
                            .path("disconnectStatusCode")
                            .asInt())
                    .isEqualTo(1009);
        }
        assertThat(gateway.functions.waiting("default")).isZero();
    }

    @Test
    void a_message_over_128_KB_closes_with_1009() throws Exception {
        TestClient client = gateway.connect();

        for (int i = 0; i < 4; i++) {
            client.socket.sendText("x".repeat(32 * KB), false).get(10, SECONDS);
        }
        client.trySend("x");

        assertClosed(client.close(), 1009, client.id);
    }

    @Test
    void a_binary_frame_closes_with_1003() throws Exception {
        TestClient client = gateway.connect();

        var unused = client.socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true);

        assertClosed(client.close(), 1003, client.id);
    }

    @Test
    void text_that_is_not_utf_8_closes_with_1007() throws Exception {
        try (RawClient client = connectRaw()) {
            client.frame(true, 1, new byte[] {(byte) 0xff});

            assertThat(client.read().closeCode()).isEqualTo(1007);
        }
        assertThat(gateway.functions.waiting("default")).isZero();
    }

    @Test
    void a_protocol_ping_is_answered_and_reaches_no_function() throws Exception {
        TestClient client = gateway.connect();

        client.ping();

        client.pong.get(10, SECONDS);
        assertThat(gateway.meter.calls).containsExactly("accepted");
    }

    private static void assertClosed(Close close, int code, String connectionId) throws Exception {
        assertThat(close.code()).isEqualTo(code);
        JsonNode context = gateway.functions.next("disconnect").path("requestContext");
        assertThat(context.path("connectionId").asText()).isEqualTo(connectionId);
        assertThat(context.path("disconnectStatusCode").asInt()).isEqualTo(code);
        assertThat(context.path("disconnectReason").asText()).isEqualTo(close.reason());
        assertThat(gateway.functions.waiting("default")).isZero();
    }

    private static RawClient connectRaw() throws Exception {
        RawClient client = new RawClient(gateway).startHandshake();
        assertThat(client.response()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
