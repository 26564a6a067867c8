package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.visitorcounter.embeddedstack.lambda.InvocationResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HandshakeIT {

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private static TestGateway gateway;
    private static ApiGatewayManagementApiClient sdk;

    @BeforeAll
    static void start() throws Exception {
        gateway = new TestGateway(TestGateway.api().build());
        sdk = gateway.sdk();
    }

    @AfterAll
    static void stop() throws Exception {
        sdk.close();
        gateway.close();
    }

    @BeforeEach
    void reset() throws Exception {
        gateway.reset();
    }

    @Test
    void connect_runs_first_and_posts_are_410_until_then() throws Exception {
        CompletableFuture<InvocationResult> function = new CompletableFuture<>();
        gateway.functions.script("connect", event -> function);
        TestClient client = new TestClient();
        CompletableFuture<WebSocket> handshake =
                gateway.http.newWebSocketBuilder().buildAsync(gateway.socketUri(""), client);
        String id = id(gateway.functions.next("connect"));

        assertThatThrownBy(() -> post(id, "early")).isInstanceOf(GoneException.class);
        assertThat(handshake).isNotDone();
        assertThat(gateway.meter.calls).containsExactly("post 410 5");

        function.complete(ScriptedFunctions.result(ScriptedFunctions.OK));
        client.socket = handshake.get(10, SECONDS);
        gateway.accepted.incrementAndGet();
        gateway.clients.add(client);
        post(id, "hello");
        assertThat(client.next()).isEqualTo("hello");
        assertThat(gateway.meter.calls).contains("accepted").doesNotContain("rejected");
    }

    @Test
    void pending_handshakes_hold_no_threads() throws Exception {
        CompletableFuture<InvocationResult> functions = new CompletableFuture<>();
        gateway.functions.script("connect", event -> functions);
        List<CompletableFuture<WebSocket>> handshakes = new ArrayList<>();
        for (int i = 0; i < 250; i++) { // Jetty's pool has 200 threads.
            handshakes.add(gateway.http.newWebSocketBuilder().buildAsync(gateway.socketUri(""), new TestClient()));
        }
        for (int i = 0; i < 250; i++) {
            gateway.functions.next("connect");
        }

        assertThatThrownBy(() -> post("AAAAAAAAAAAAAAA=", "x")).isInstanceOf(GoneException.class);

        functions.complete(ScriptedFunctions.result(ScriptedFunctions.OK));
        for (CompletableFuture<WebSocket> handshake : handshakes) {
            handshake.get(10, SECONDS).abort();
            gateway.accepted.incrementAndGet();
        }
    }

    @Test
    void the_event_has_the_fields_of_api_gateway_and_no_other() throws Exception {
        TestClient client = TestClient.open(gateway, "?page=home&tag=a&tag=b%26c");
        JsonNode event = gateway.functions.next("connect");
        client.socket.abort();

        assertThat(names(event))
                .containsExactlyInAnyOrder(
                        "headers",
                        "multiValueHeaders",
                        "queryStringParameters",
                        "multiValueQueryStringParameters",
                        "requestContext",
                        "isBase64Encoded");
        assertThat(event.path("queryStringParameters")).isEqualTo(json("{'page':'home','tag':'b&c'}"));
        assertThat(event.path("multiValueQueryStringParameters"))
                .isEqualTo(json("{'page':['home'],'tag':['a','b&c']}"));
        JsonNode headers = event.path("headers");
        assertThat(headers.path("Host").asText()).isEqualTo(gateway.host());
        assertThat(headers.path("User-Agent").asText()).isEqualTo("test-client");
        assertThat(headers.path("Sec-WebSocket-Version").asText()).isEqualTo("13");
        assertThat(headers.path("X-Forwarded-For").asText()).isEqualTo("127.0.0.1");
        assertThat(headers.path("X-Forwarded-Port").asText()).isEqualTo(String.valueOf(gateway.port()));
        assertThat(headers.path("X-Amzn-Trace-Id").asText()).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
        assertThat(names(headers)).doesNotContain("Connection", "Upgrade");
        assertThat(event.path("multiValueHeaders").path("Host").path(0).asText())
                .isEqualTo(gateway.host());
        JsonNode context = event.path("requestContext");
        assertThat(names(context)).containsExactlyInAnyOrderElementsOf(TestGateway.CONNECT_CONTEXT);
        assertThat(context.path("routeKey").asText()).isEqualTo("$connect");
        assertThat(context.path("eventType").asText()).isEqualTo("CONNECT");
        assertThat(context.path("messageDirection").asText()).isEqualTo("IN");
        assertThat(context.path("stage").asText()).isEqualTo("local");
        assertThat(context.path("requestId")).isEqualTo(context.path("extendedRequestId"));
        assertThat(context.path("requestId").asText()).matches("[A-Za-z0-9_-]{15}=");
        assertThat(context.path("connectionId").asText())
                .matches("[A-Za-z0-9_-]{15}=")
                .isNotEqualTo(context.path("requestId").asText());
        assertThat(context.path("requestTime").asText())
                .matches("\\d\\d/[A-Z][a-z][a-z]/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
        assertThat(context.path("connectedAt").isIntegralNumber()).isTrue();
        assertThat(context.path("requestTimeEpoch").asLong())
                .isGreaterThanOrEqualTo(context.path("connectedAt").asLong());
        assertThat(context.path("identity")).isEqualTo(json("{'userAgent':'test-client','sourceIp':'127.0.0.1'}"));
        assertThat(context.path("domainName").asText()).isEqualTo(gateway.host());
        assertThat(event.path("isBase64Encoded").isBoolean()).isTrue();
    }

    @Test
    void without_a_query_the_event_has_no_query_parameters() throws Exception {
        TestClient.open(gateway, "").socket.abort();

        assertThat(names(gateway.functions.next("connect")))
                .containsExactlyInAnyOrder("headers", "multiValueHeaders", "requestContext", "isBase64Encoded");
    }

    @Test
    void a_status_that_is_not_2xx_rejects_the_handshake_with_it() throws Exception {
        gateway.functions.answer(
                "connect",
                "{\"statusCode\":401,\"body\":\"who are you?\",\"headers\":{\"X-Why\":\"no token\",\"Content-Length\":\"1\"}}");

        try (RawClient client = new RawClient(gateway).startHandshake()) {
            assertThat(client.response())
                    .startsWith("HTTP/1.1 401 ")
                    .contains("X-Why: no token")
                    .endsWith("who are you?");
        }
        assertThat(gateway.meter.calls).containsExactly("rejected");
        assertThatThrownBy(() -> post(id(gateway.functions.next("connect")), "x"))
                .isInstanceOf(GoneException.class);
    }

    @Test
    void a_function_that_throws_rejects_the_handshake_with_502() throws Exception {
        gateway.functions.script("connect", event -> CompletableFuture.completedFuture(ScriptedFunctions.crash()));

        try (RawClient client = new RawClient(gateway).startHandshake()) {
            String response = client.response();
            JsonNode context = gateway.functions.next("connect").path("requestContext");
            assertThat(response)
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith("{\"message\": \"Internal server error\", \"connectionId\":\""
                            + context.path("connectionId").asText() + "\", \"requestId\":\""
                            + context.path("requestId").asText() + "\"}");
        }
        assertThat(gateway.meter.calls).containsExactly("rejected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"ok\"",
                "[]",
                "{}",
                "{\"statusCode\":\"yes\"}",
                "{\"statusCode\":200.5}",
                "{\"statusCode\":99}",
                "{\"statusCode\":101}",
                "{\"statusCode\":600}",
                "{\"statusCode\":1e20}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"headers\":[]}",
                "{\"statusCode\":200",
                ""
            })
    void an_answer_of_another_shape_rejects_the_handshake_with_502(String payload) {
        gateway.functions.answer("connect", payload);

        assertThat(rejection()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"statusCode\":204}", "{\"statusCode\":\"200\"}", "{\"statusCode\":200,\"more\":1}"})
    void a_status_of_2xx_accepts_the_handshake(String payload) {
        gateway.functions.answer("connect", payload);

        assertThat(rejection()).isEqualTo(101);
    }

    @Test
    void a_throttled_function_rejects_the_handshake_with_500() {
        gateway.functions.throttle("connect");
        assertThat(rejection()).isEqualTo(500);
    }

    @Test
    void a_function_that_can_not_be_invoked_rejects_the_handshake_with_502() {
        gateway.functions.script("connect", event -> {
            throw new IllegalStateException("no such function");
        });
        assertThat(rejection()).isEqualTo(502);

        gateway.functions.script(
                "connect", event -> CompletableFuture.failedFuture(new IllegalStateException("no such function")));
        assertThat(rejection()).isEqualTo(502);
    }

    @Test
    void a_function_over_the_integration_timeout_rejects_the_handshake_with_504() throws Exception {
        try (TestGateway impatient = new TestGateway(TestGateway.api()
                        .integrationTimeout(Duration.ofMillis(100))
                        .build());
                RawClient client = new RawClient(impatient)) {
            impatient.functions.script("connect", event -> new CompletableFuture<>());

            assertThat(client.startHandshake().response())
                    .startsWith("HTTP/1.1 504 ")
                    .contains("{\"message\": \"Endpoint request timed out\", \"connectionId\":\"");
            assertThat(impatient.meter.calls).containsExactly("rejected");
        }
    }

    @Test
    void without_a_connect_route_every_handshake_is_accepted() throws Exception {
        try (TestGateway open = new TestGateway(WebSocketApi.builder().build())) {
            TestClient client = TestClient.open(open, "");

            assertThat(client.send("anyone?").next()).startsWith("{\"message\": \"Forbidden\"");
        }
    }

    @Test
    void the_function_chooses_the_subprotocol() throws Exception {
        gateway.functions.answer("connect", "{\"statusCode\":200,\"headers\":{\"sec-websocket-protocol\":\"v2\"}}");

        assertThat(TestClient.open(gateway, "", "v1", "v2").socket.getSubprotocol())
                .isEqualTo("v2");
        assertThat(gateway.functions
                        .next("connect")
                        .path("headers")
                        .path("Sec-WebSocket-Protocol")
                        .asText())
                .contains("v1", "v2");
    }

    @Test
    void a_subprotocol_that_was_not_offered_is_not_echoed() throws Exception {
        gateway.functions.answer("connect", "{\"statusCode\":200,\"headers\":{\"Sec-WebSocket-Protocol\":\"v3\"}}");

        assertThat(TestClient.open(gateway, "").socket.getSubprotocol()).isEmpty();
    }

    @Test
    void compression_is_not_negotiated() throws Exception {
        try (RawClient client = new RawClient(gateway).startHandshake("Sec-WebSocket-Extensions: permessage-deflate")) {
            assertThat(client.response())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
        }
    }

    @Test
    void a_client_that_disconnects_during_connect_was_never_connected() throws Exception {
        CompletableFuture<InvocationResult> function = new CompletableFuture<>();
        gateway.functions.script("connect", event -> function);
        RawClient client = new RawClient(gateway).startHandshake();
        String id = id(gateway.functions.next("connect"));
        client.close();

        function.complete(ScriptedFunctions.result(ScriptedFunctions.OK));

        TestGateway.await("the end of the handshake", () -> gateway.meter.calls.contains("rejected"));
        assertThatThrownBy(() -> post(id, "x")).isInstanceOf(GoneException.class);
        // The disconnect of a later connection has been reported, so one of the earlier connection would have been,
        // too.
        gateway.functions.forget();
        TestClient next = gateway.connect();
        next.leave(1000, "");
        assertThat(id(gateway.functions.next("disconnect"))).isEqualTo(next.id);
        assertThat(gateway.functions.waiting("disconnect")).isZero();
        TestGateway.await("the meter", () -> gateway.meter.calls.contains("closed"));
        assertThat(gateway.meter.calls).containsExactly("rejected", "post 410 1", "accepted", "closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /local HTTP/1.1|Sec-WebSocket-Version: 13", // No key.
                "GET /local HTTP/1.1|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: abc",
                "GET /local HTTP/1.1|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=", // 17 bytes
                "GET /local HTTP/1.1|Sec-WebSocket-Version: 8|" + KEY,
                "GET /local HTTP/1.1|" + KEY,
                "POST /local HTTP/1.1|Content-Length: 0|Sec-WebSocket-Version: 13|" + KEY,
                "GET /local?a=%zz HTTP/1.1|Sec-WebSocket-Version: 13|" + KEY,
                "GET /local HTTP/1.0|Sec-WebSocket-Version: 13|" + KEY,
            })
    void an_invalid_handshake_is_400_and_runs_no_function(String head) throws Exception {
        try (RawClient client = new RawClient(gateway)) {
            client.write(
                    (head.replace("|", "\r\n") + "\r\nHost: raw\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(client.response())
                    .containsPattern("^HTTP/1.1 400 ")
                    .contains("x-amzn-ErrorType: BadRequestException")
                    .endsWith("{\"message\":\"Bad Request\"}");
        }
        assertThat(gateway.functions.waiting("connect")).isZero();
        assertThat(gateway.meter.calls).containsExactly("rejected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /local HTTP/1.1|Upgrade: websocket|414 Request URI too long",
                "GET / HTTP/1.1|Upgrade: websocket|403 Forbidden",
                "GET /prod HTTP/1.1|Upgrade: websocket|403 Forbidden",
                "GET /local/deeper HTTP/1.1|Upgrade: websocket|403 Forbidden",
                "POST /prod/@connections/AAAAAAAAAAAAAAA= HTTP/1.1|Authorization: AWS4-x|403 Forbidden",
                "GET /%40connections/AAAAAAAAAAAAAAA= HTTP/1.1|Authorization: AWS4-x|403 Forbidden",
                "GET /local HTTP/1.1|Accept: text/html|426 Upgrade Required",
            })
    void a_wrong_url_is_rejected_in_the_form_of_aws(String row) throws Exception {
        String[] parts = row.split("\\|", 3);
        String status = parts[2].substring(0, 3);
        String line = status.equals("414") ? parts[0].replace("/local", "/local?a=" + "x".repeat(4096)) : parts[0];
        try (RawClient client = new RawClient(gateway)) {
            client.write((line + "\r\nHost: raw\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" + KEY
                            + "\r\nContent-Length: 0\r\n" + parts[1] + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(client.response())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("Content-Type: application/json")
                    .contains("x-amzn-ErrorType: ")
                    .endsWith("{\"message\":\"" + parts[2].substring(4) + "\"}");
        }
        assertThat(gateway.functions.waiting("connect")).isZero();
    }

    @Test
    void the_limits_of_url_and_headers_are_exact() throws Exception {
        String url = "http://raw/local?a=";
        try (RawClient client = new RawClient(gateway)) {
            client.write(("GET /local?a=" + "x".repeat(4096 - url.length()) + " HTTP/1.1\r\nHost: raw\r\n"
                            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" + KEY
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.response()).startsWith("HTTP/1.1 101 ");
        }
        int others = "raw".length() + "websocket".length() + "Upgrade".length() + "13".length() + 24;
        String much = "x".repeat(10_240 - others);
        gateway.functions.forget();
        try (RawClient client = new RawClient(gateway).startHandshake("Much: " + much + "x")) {
            assertThat(client.response())
                    .startsWith("HTTP/1.1 431 ")
                    .endsWith("{\"message\":\"Request Header Fields Too Large\"}");
        }
        assertThat(gateway.functions.waiting("connect")).isZero();
        try (RawClient client = new RawClient(gateway).startHandshake("Much: " + much)) {
            assertThat(client.response()).startsWith("HTTP/1.1 101 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x", "/connections/A", "/@connection/A"})
    void other_requests_are_passed_on(String path) throws Exception {
        // The next handler is the server's own, which answers 404.
        assertThat(gateway.http
                        .send(
                                HttpRequest.newBuilder(gateway.managementUri(path))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    private static int rejection() {
        try {
            TestClient.open(gateway, "").socket.abort();
            return 101;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void post(String id, String text) {
        sdk.postToConnection(request -> request.connectionId(id).data(SdkBytes.fromUtf8String(text)));
    }

    private static String id(JsonNode event) {
        return event.path("requestContext").path("connectionId").asText();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }
}
