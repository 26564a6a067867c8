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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Lambda authorizers, over sockets. */
class AuthorizerIT {

    private static final String METHOD_ARN = TestGateway.API_ARN + "/local/$connect";
    private static final String ALLOW = policy("Allow", "\"execute-api:Invoke\"", "\"" + METHOD_ARN + "\"");

    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = new TestGateway(TestGateway.api()
                .authorizer(new LambdaAuthorizer(
                        "authorize", List.of("route.request.header.Auth", "route.request.querystring.room")))
                .build());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void reset() throws Exception {
        gateway.reset();
        gateway.functions.answer("authorize", ALLOW);
    }

    @Test
    void it_receives_the_event_that_aws_documents() throws Exception {
        handshake("/local?room=a&tag=1&tag=2", "auth: secret", "Sec-WebSocket-Extensions: permessage-deflate");

        JsonNode event = gateway.functions.next("authorize");
        assertThat(names(event))
                .containsExactly(
                        "type",
                        "methodArn",
                        "headers",
                        "multiValueHeaders",
                        "queryStringParameters",
                        "multiValueQueryStringParameters",
                        "stageVariables",
                        "requestContext");
        assertThat(event.path("type").asText()).isEqualTo("REQUEST");
        assertThat(event.path("methodArn").asText()).isEqualTo(METHOD_ARN);
        assertThat(names(event.path("headers")))
                .containsExactlyInAnyOrder(
                        "Host",
                        "Upgrade",
                        "Connection",
                        "Sec-WebSocket-Version",
                        "Sec-WebSocket-Key",
                        "Sec-WebSocket-Extensions",
                        "auth",
                        "content-length",
                        "X-Amzn-Trace-Id",
                        "X-Forwarded-For",
                        "X-Forwarded-Port",
                        "X-Forwarded-Proto");
        assertThat(event.path("queryStringParameters")).isEqualTo(json("{'room':'a','tag':'2'}"));
        assertThat(event.path("multiValueQueryStringParameters")).isEqualTo(json("{'room':['a'],'tag':['1','2']}"));
        assertThat(event.path("stageVariables")).isEqualTo(json("{}"));
        assertThat(names(event.path("requestContext")))
                .containsExactlyInAnyOrderElementsOf(TestGateway.CONNECT_CONTEXT);
        JsonNode connect = gateway.functions.next("connect");
        assertThat(connect.path("requestContext").path("connectionId"))
                .isEqualTo(event.path("requestContext").path("connectionId"));
        assertThat(names(connect.path("headers"))).doesNotContain("Upgrade", "Connection", "content-length");
    }

    @Test
    void later_events_contain_its_result() throws Exception {
        gateway.functions.answer(
                "authorize",
                ALLOW.replaceFirst(
                        "\\{", "{\"context\":{\"tenant\":\"acme\",\"level\":3,\"admin\":true},")); // Types as they are.

        try (RawClient client = send("/local?room=a", "Auth: secret")) {
            assertThat(client.response()).startsWith("HTTP/1.1 101 ");
            client.frame(true, 1, "{\"action\":\"oneway\"}".getBytes(StandardCharsets.UTF_8));
            for (String function : List.of("connect", "oneway")) {
                assertAuthorizer(gateway.functions.next(function));
            }
        }
        assertAuthorizer(gateway.functions.next("disconnect"));
        assertThat(gateway.functions.waiting("authorize")).isEqualTo(1);
    }

    private static void assertAuthorizer(JsonNode event) throws Exception {
        JsonNode authorizer = event.path("requestContext").path("authorizer");
        assertThat(names(authorizer))
                .containsExactlyInAnyOrder("principalId", "integrationLatency", "tenant", "level", "admin");
        assertThat(authorizer.path("principalId").asText()).isEqualTo("ann");
        assertThat(authorizer.path("integrationLatency").isIntegralNumber()).isTrue();
        assertThat(authorizer.path("level")).isEqualTo(json("3"));
        assertThat(authorizer.path("admin")).isEqualTo(json("true"));
    }

    @Test
    void it_runs_for_each_handshake_again() throws Exception {
        handshake("/local?room=a", "Auth: secret");
        handshake("/local?room=a", "Auth: secret");

        assertThat(gateway.functions.waiting("authorize")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/local", "/local?room=", "/local?Room=a"})
    void a_missing_or_empty_query_parameter_is_401_and_runs_no_function(String target) throws Exception {
        assertThat(handshake(target, "Auth: secret"))
                .startsWith("HTTP/1.1 401 ")
                .contains("x-amzn-ErrorType: UnauthorizedException")
                .contains("{\"message\": \"Unauthorized\", \"connectionId\":\"");
        assertThat(gateway.functions.waiting("authorize")).isZero();
        assertThat(gateway.functions.waiting("connect")).isZero();
        assertThat(gateway.meter.calls).containsExactly("rejected");
    }

    @Test
    void a_missing_header_is_401_and_runs_no_function() throws Exception {
        assertThat(handshake("/local?room=a")).startsWith("HTTP/1.1 401 ");
        assertThat(handshake("/local?room=a", "Auth: ")).startsWith("HTTP/1.1 401 ");
        assertThat(gateway.functions.waiting("authorize")).isZero();
    }

    @Test
    void a_function_that_throws_Unauthorized_results_in_401() throws Exception {
        gateway.functions.script(
                "authorize",
                event -> CompletableFuture.completedFuture(new InvocationResult(
                        "id",
                        "{\"errorMessage\":\"Unauthorized\",\"errorType\":\"java.lang.RuntimeException\"}",
                        "Unhandled")));

        assertThat(handshake("/local?room=a", "Auth: secret")).startsWith("HTTP/1.1 401 ");
        assertThat(gateway.functions.waiting("connect")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "arn:aws:execute-api:*:*:*",
                "arn:aws:execute-api:us-east-1:000000000000:localapi01/*",
                "arn:aws:execute-api:us-east-1:000000000000:localapi01/local/$co?nect",
                "arn:aws:execute-api:us-east-1:000000000000:localapi01/local/$connect"
            })
    void a_policy_may_have_wildcards(String resource) throws Exception {
        gateway.functions.answer(
                "authorize", policy("Allow", "[\"s3:*\",\"execute-api:*\"]", "[\"x\",\"" + resource + "\"]"));

        assertThat(handshake("/local?room=a", "Auth: secret")).startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:execute-api:us-east-1:000000000000:localapi01/local/*/*", // That is for REST APIs.
                "arn:aws:execute-api:us-east-1:000000000000:localapi01/prod/*",
                "arn:aws:execute-api:us-east-1:000000000000:localapi01/local/$default",
            })
    void a_policy_for_something_else_is_403(String resource) throws Exception {
        gateway.functions.answer("authorize", policy("Allow", "\"execute-api:Invoke\"", "\"" + resource + "\""));

        assertForbidden("User is not authorized to access this resource");
    }

    @Test
    void a_deny_is_403_whatever_else_is_allowed() throws Exception {
        gateway.functions.answer(
                "authorize",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":["
                        + "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
                        + "{\"Effect\":\"Deny\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"" + METHOD_ARN
                        + "\"}]}}");

        assertForbidden("User is not authorized to access this resource with an explicit deny");
    }

    private static void assertForbidden(String message) throws Exception {
        assertThat(handshake("/local?room=a", "Auth: secret"))
                .startsWith("HTTP/1.1 403 ")
                .contains("x-amzn-ErrorType: AccessDeniedException")
                .contains("{\"message\": \"" + message + "\", \"connectionId\":\"");
        assertThat(gateway.functions.waiting("connect")).isZero();
        assertThat(gateway.meter.calls).containsExactly("rejected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "{\"statusCode\":401}",
                "{\"isAuthorized\":true}", // The simple form of HTTP APIs.
                "{\"principalId\":\"ann\"}",
                "{\"principalId\":7,\"policyDocument\":{\"Statement\":[]}}",
                "{\"policyDocument\":{\"Statement\":[]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[{\"Effect\":\"allow\"}]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\"}}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
                        + "\"Resource\":\"*\",\"Condition\":{}}}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[]},\"context\":{\"roles\":[\"a\"]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[]},\"context\":[]}",
                "{"
            })
    void an_invalid_answer_is_500(String answer) throws Exception {
        gateway.functions.answer("authorize", answer);

        assertBroken();
    }

    @Test
    void an_answer_over_8_KB_is_500() throws Exception {
        gateway.functions.answer(
                "authorize",
                ALLOW.replaceFirst(
                        "\\{", "{\"context\":{\"much\":\"" + "x".repeat(AuthorizerResult.MAX_BYTES) + "\"},"));

        assertBroken();
    }

    @Test
    void an_authorizer_that_throws_or_is_throttled_is_500() throws Exception {
        gateway.functions.script("authorize", event -> CompletableFuture.completedFuture(ScriptedFunctions.crash()));
        assertBroken();

        gateway.meter.forget();
        gateway.functions.throttle("authorize");
        assertBroken();
    }

    private static void assertBroken() throws Exception {
        assertThat(handshake("/local?room=a", "Auth: secret"))
                .startsWith("HTTP/1.1 500 ")
                .contains("x-amzn-ErrorType: AuthorizerConfigurationException")
                .contains("{\"message\": \"Internal server error\", \"connectionId\":\"");
        assertThat(gateway.functions.waiting("connect")).isZero();
        assertThat(gateway.meter.calls).containsExactly("rejected");
    }

    @Test
    void an_unsupported_identity_source_is_reported() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new LambdaAuthorizer("authorize", List.of("route.request.header.A", "stageVariables.b", "c")))
                .withMessageContaining("[stageVariables.b, c]");
    }

    private static RawClient send(String target, String... headers) throws IOException {
        StringBuilder handshake = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: raw\r\nUpgrade: websocket\r\n"
                + "Connection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            handshake.append(header).append("\r\n");
        }
        return new RawClient(gateway).write(handshake.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The answer to a handshake. */
    private static String handshake(String target, String... headers) throws IOException {
        try (RawClient client = send(target, headers)) {
            return client.response();
        }
    }

    private static String policy(String effect, String action, String resource) {
        return "{\"principalId\":\"ann\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":"
                + action + ",\"Effect\":\"" + effect + "\",\"Resource\":" + resource + "}]}}";
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
