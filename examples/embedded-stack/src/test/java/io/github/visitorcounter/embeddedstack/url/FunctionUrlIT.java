package io.github.visitorcounter.embeddedstack.url;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.Http;
import io.github.visitorcounter.embeddedstack.StackStartException;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FunctionUrlIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T10:15:30.5Z"), ZoneOffset.UTC);
    private static final BlockingQueue<JsonNode> EVENTS = new LinkedBlockingQueue<>();

    @TempDir
    private static Path site;

    private static EmbeddedStack stack;
    private static volatile String answer;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(site.resolve("index.html"), "the page");
        stack = EmbeddedStack.builder()
                .function(FunctionDefinition.builder("count")
                        .alias("live")
                        .handlerObjects(() -> (RequestStreamHandler) (input, output, context) -> {
                            EVENTS.add(JSON.readTree(input));
                            if (answer.equals("throw")) {
                                throw new IllegalStateException("on purpose");
                            }
                            output.write(answer.getBytes(StandardCharsets.UTF_8));
                        })
                        .build())
                .functionUrl("count:live")
                .site(site)
                .clock(CLOCK)
                .logSink(line -> {})
                .start();
    }

    @AfterEach
    void forget() {
        EVENTS.clear();
        stack.faults(Faults.NONE);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void event_has_the_fields_of_payload_format_2() throws Exception {
        answer = "{\"statusCode\":200}";
        send(
                "GET",
                "/a%20b/count?counter=page%3A%2F&x=1&x=2&empty",
                "",
                "User-Agent",
                "test",
                "Cookie",
                "a=1; b=2",
                "X-Twice",
                "one",
                "X-Twice",
                "two",
                "X-Forwarded-For",
                "192.0.2.7");

        ObjectNode event = (ObjectNode) EVENTS.poll(10, TimeUnit.SECONDS);
        ObjectNode headers = (ObjectNode) event.remove("headers");
        ObjectNode context = (ObjectNode) event.remove("requestContext");
        int port = stack.endpoints().page().getPort();
        assertThat(event).isEqualTo(JSON.readTree("""
                {"version": "2.0", "routeKey": "$default", "rawPath": "/a%20b/count",
                 "rawQueryString": "counter=page%3A%2F&x=1&x=2&empty", "cookies": ["a=1", "b=2"],
                 "queryStringParameters": {"counter": "page:/", "x": "1,2", "empty": ""}, "isBase64Encoded": false}
                """));
        assertThat(context.remove("requestId").textValue()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(context).isEqualTo(JSON.readTree("""
                {"accountId": "anonymous", "apiId": "127", "domainName": "127.0.0.1:%d", "domainPrefix": "127",
                 "http": {"method": "GET", "path": "/a b/count", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                          "userAgent": "test"},
                 "routeKey": "$default", "stage": "$default", "time": "24/Nov/2026:10:15:30 +0000",
                 "timeEpoch": 1795515330500}
                """.formatted(port)));
        assertThat(headers.remove("x-amzn-trace-id").textValue()).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
        headers.remove("content-length");
        assertThat(headers).isEqualTo(JSON.readTree("""
                {"host": "127.0.0.1:%d", "user-agent": "test", "x-twice": "one,two",
                 "x-forwarded-for": "192.0.2.7,127.0.0.1", "x-forwarded-port": "%d", "x-forwarded-proto": "http"}
                """.formatted(port, port)));
    }

    @Test
    void event_without_query_cookies_and_body_has_no_fields_for_them() throws Exception {
        answer = "{\"statusCode\":200}";
        send("GET", "/count", "");

        List<String> fields = new ArrayList<>();
        EVENTS.poll(10, TimeUnit.SECONDS).fieldNames().forEachRemaining(fields::add);
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "version",
                        "routeKey",
                        "rawPath",
                        "rawQueryString",
                        "headers",
                        "requestContext",
                        "isBase64Encoded");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, ü, ü, false",
        "application/json; charset=utf-8, ü, ü, false",
        "application/octet-stream, ü, w7w=, true",
        "image/png, x, eA==, true"
    })
    void body_of_a_type_that_is_not_text_is_base64(String type, String body, String sent, boolean isBase64)
            throws Exception {
        answer = "{\"statusCode\":200}";
        send("POST", "/count", body, "Content-Type", type);

        JsonNode event = EVENTS.poll(10, TimeUnit.SECONDS);
        assertThat(event.get("body").textValue()).isEqualTo(sent);
        assertThat(event.get("isBase64Encoded").booleanValue()).isEqualTo(isBase64);
    }

    @Test
    void answer_with_a_status_is_the_response() throws Exception {
        answer = """
                {"statusCode": 201, "headers": {"Content-Type": "image/svg+xml", "X-Own": "1"},
                 "cookies": ["a=1; Secure", "b=2"], "body": "ü"}
                """;
        HttpResponse<String> response = send("GET", "/count", "");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().allValues("content-type")).containsExactly("image/svg+xml");
        assertThat(response.headers().allValues("x-own")).containsExactly("1");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1; Secure", "b=2");
        assertThat(response.body()).isEqualTo("ü");
    }

    @Test
    void base64_body_is_decoded() throws Exception {
        answer = "{\"statusCode\":200,\"body\":\"w7w=\",\"isBase64Encoded\":true}";

        assertThat(send("GET", "/count", "").body()).isEqualTo("ü");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hello\"", "{\"message\":\"hello\"}", "[1]", "7", "null"})
    void answer_without_a_status_is_the_body(String json) throws Exception {
        answer = json;
        HttpResponse<String> response = send("GET", "/count", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().allValues("content-type")).containsExactly("application/json");
        assertThat(response.body()).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw",
                "not JSON",
                "{\"statusCode\":\"many\"}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"body\":\"?\",\"isBase64Encoded\":true}"
            })
    void failed_function_is_502(String wrong) throws Exception {
        answer = wrong;

        assertThat(send("GET", "/count", "").statusCode()).isEqualTo(502);
    }

    @Test
    void throttled_function_is_429() throws Exception {
        answer = "{\"statusCode\":200}";
        stack.faults(Faults.builder().lambdaThrottleRatio(1).build());
        HttpResponse<String> response = send("GET", "/count", "");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).contains("Rate Exceeded.");
        assertThat(EVENTS).isEmpty();
    }

    @Test
    void head_has_no_body() throws Exception {
        answer = "{\"statusCode\":200,\"body\":\"hello\"}";
        HttpResponse<String> response = send("HEAD", "/count", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(EVENTS.poll(10, TimeUnit.SECONDS)
                        .at("/requestContext/http/method")
                        .textValue())
                .isEqualTo("HEAD");
    }

    @Test
    void page_and_control_paths_do_not_reach_the_function() throws Exception {
        answer = "{\"statusCode\":200}";
        assertThat(send("GET", "/", "").body()).isEqualTo("the page");
        assertThat(send("GET", "/_local/stats", "").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/local", "").statusCode()).isEqualTo(426);

        assertThat(EVENTS).isEmpty();
    }

    @Test
    void foreign_host_and_foreign_changes_do_not_reach_the_function() throws Exception {
        answer = "{\"statusCode\":204}";
        assertThat(send("POST", "/count", "x", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(EVENTS).isEmpty();
        assertThat(send("OPTIONS", "/count", "", "Origin", "http://evil.example")
                        .statusCode())
                .as("the function decides what another origin may read")
                .isEqualTo(204);
    }

    @Test
    void url_of_an_unknown_function_does_not_start() {
        EmbeddedStack.Builder wrong = EmbeddedStack.builder().functionUrl("nothing");

        assertThatThrownBy(wrong::start)
                .isInstanceOf(StackStartException.class)
                .hasMessageContaining("the function URL leads to 'nothing'");
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        return Http.send(method, stack.endpoints().page().getPort(), path, body, headers);
    }
}
