package io.github.visitorcounter;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class CountHandlerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final String SITE = "https://www.example.org";
    private static final String CACHEABLE = "public, max-age=7, s-maxage=7";

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 100);
    private final TestContext context = new TestContext();
    private final CountHandler handler = handler(store);

    private CountHandler handler(CounterStore counters) {
        VisitorCounterConfig config = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home", "page:*"))
                .set(Setting.ALLOWED_ORIGINS, Set.of(SITE, "https://*.example.com"))
                .set(Setting.COUNT_MAX_AGE, Duration.ofSeconds(7))
                .build();
        return new CountHandler(config, TestPorts.of(counters, time).ports()) {};
    }

    @BeforeEach
    void twoCameAndOneIsHere() {
        store.addConnection(Connection.opened("one=", "home", time.now()), LATER);
        store.addConnection(Connection.opened("two=", "home", time.now()), LATER);
        store.removeConnections(List.of("one="), Change.DISCONNECT, time.now(), LATER);
    }

    @Test
    void count_is_answered_in_json_to_a_function_url() {
        JsonNode answer =
                Events.handle(handler, Events.load("request-function-url").toString(), context);

        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(answer.get("body").textValue())
                .isEqualTo("{\"type\":\"visitor-count\",\"counter\":\"home\",\"live\":1,\"total\":2,\"version\":3}");
        assertThat(answer.get("isBase64Encoded").booleanValue()).isFalse();
        assertThat(headers(answer))
                .isEqualTo(Map.of(
                        "Content-Type", "application/json",
                        "Cache-Control", CACHEABLE,
                        "X-Content-Type-Options", "nosniff",
                        "Vary", "Origin",
                        "Access-Control-Allow-Origin", SITE));
        assertThat(context.log()).isEmpty();
    }

    @Test
    void badge_is_answered_to_an_http_api_with_a_stage() {
        JsonNode answer = Events.handle(handler, Events.load("request-http-api").toString(), context);

        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(answer.get("body").textValue()).contains("aria-label=\"in the shop: 2\"");
        assertThat(headers(answer))
                .isEqualTo(Map.of(
                        "Content-Type", "image/svg+xml",
                        "Cache-Control", CACHEABLE,
                        "X-Content-Type-Options", "nosniff",
                        "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'",
                        "Cross-Origin-Resource-Policy", "cross-origin",
                        "Vary", "Origin"));
        assertThat(context.log()).isEmpty();
    }

    @Test
    void counter_of_a_request_that_names_none_is_the_default() {
        store.addConnection(Connection.opened("three=", "site", time.now()), LATER);

        assertThat(body(get("/count", Map.of()))).contains("\"counter\":\"site\",\"live\":1");
        assertThat(body(get("/badge.svg", Map.of()))).contains("visitors: 1");
    }

    @Test
    void counter_without_connections_is_zero_and_is_not_created() {
        assertThat(body(get("/count", Map.of("counter", "page:/new"))))
                .isEqualTo(
                        "{\"type\":\"visitor-count\",\"counter\":\"page:/new\",\"live\":0,\"total\":0,\"version\":0}");
    }

    @Test
    void counter_is_read_at_most_once_a_second() {
        get("/count", Map.of("counter", "home"));
        store.addConnection(Connection.opened("three=", "home", time.now()), LATER);

        assertThat(body(get("/badge.svg", Map.of("counter", "home")))).contains("visitors: 1");
        time.sleep(Duration.ofSeconds(1));
        assertThat(body(get("/badge.svg", Map.of("counter", "home")))).contains("visitors: 2");
    }

    @ParameterizedTest
    @CsvSource({
        "show=live, visitors: 1",
        "show=total, visits: 2",
        "label=here, here: 1",
        "label=, '\"1\"'",
        "color=f0f, #ff00ff",
        "color=orange, #fe7d37",
        "style=flat, linearGradient",
        "style=flat-square, crispEdges"
    })
    void badge_has_parameters(String parameter, String expected) {
        String[] pair = parameter.split("=", 2);

        JsonNode answer = get("/badge.svg", Map.of("counter", "home", pair[0], pair[1]));

        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(body(answer)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "show  | both                | show must be live or total.",
                "show  | ''                  | show must be live or total.",
                "style | for-the-badge       | style must be flat or flat-square.",
                "style | flat\" onload=\"x() | style must be flat or flat-square.",
                "color | secret              | color must be brightgreen, green, yellowgreen, yellow, orange, red, blue,"
                        + " grey, lightgrey, or 3 or 6 hexadecimal digits.",
                "color | \"/><script>        | color must be brightgreen, green, yellowgreen, yellow, orange, red, blue,"
                        + " grey, lightgrey, or 3 or 6 hexadecimal digits."
            })
    void parameter_that_is_not_allowed_is_answered_400(String name, String value, String error) {
        JsonNode answer = get("/badge.svg", Map.of("counter", "home", name, value));

        assertThat(answer.get("statusCode").intValue()).isEqualTo(400);
        assertThat(body(answer)).isEqualTo("{\"error\":\"" + error + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000",
                "line\nbreak",
                "\u007f",
                "\u202egnp.exe",
                "\u2066isolated",
                "\ufeff",
                "\u2028",
                "\uffff",
                "\ue000"
            })
    void label_with_control_characters_is_answered_400(String label) {
        JsonNode answer = get("/badge.svg", Map.of("counter", "home", "label", label));

        assertThat(answer.get("statusCode").intValue()).isEqualTo(400);
        assertThat(body(answer))
                .isEqualTo("{\"error\":\"label must be at most 60 characters, without control characters.\"}");
    }

    /** JSON can contain half of a pair of surrogates, which is no character. */
    @Test
    void label_with_half_a_character_is_answered_400() {
        String event = Events.request("GET", "/badge.svg", Map.of("counter", "home", "label", "HALF"))
                .toString()
                .replace("HALF", "\\ud800");

        assertThat(status(Events.handle(handler, event, context))).isEqualTo(400);
    }

    @Test
    void label_has_at_most_60_characters() {
        assertThat(status(get("/badge.svg", Map.of("counter", "home", "label", "x".repeat(60)))))
                .isEqualTo(200);
        assertThat(status(get("/badge.svg", Map.of("counter", "home", "label", "👋".repeat(60)))))
                .isEqualTo(200);
        assertThat(status(get("/badge.svg", Map.of("counter", "home", "label", "x".repeat(61)))))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/favicon.ico", "/counter", "/count/", "/count/x", "/badge.png", "/COUNT", "//", "/%63ount"
            })
    void other_path_is_answered_404(String path) throws IOException {
        JsonNode answer = get(path, Map.of("counter", "home"));

        assertThat(status(answer)).isEqualTo(404);
        assertThat(headers(answer)).containsEntry("Cache-Control", CACHEABLE);
        assertThat(new ObjectMapper().readTree(body(answer)).has("error")).isTrue();
    }

    /** The answer must not say which counters exist. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "",
                "home,home",
                "Home",
                "page:<script>",
                "lease#home",
                "visit#home#1",
                "page:*",
                "*",
                "rows#home#a1b2#3"
            })
    void counter_that_is_not_allowed_is_answered_like_another_path(String counter) {
        for (String path : List.of("/count", "/badge.svg")) {
            JsonNode answer = get(path, Map.of("counter", counter));

            assertThat(status(answer)).isEqualTo(404);
            assertThat(body(answer)).isEqualTo(body(get("/favicon.ico", Map.of())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "get"})
    void other_method_is_answered_405(String method) {
        JsonNode answer = request(Events.request(method, "/count", Map.of("counter", "home")));

        assertThat(status(answer)).isEqualTo(405);
        assertThat(headers(answer)).containsEntry("Allow", "GET, HEAD, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/count", "/badge.svg", "/nothing"})
    void head_is_answered_like_get_without_the_body(String path) {
        JsonNode get = get(path, Map.of("counter", "home"));
        JsonNode head = request(Events.request("HEAD", path, Map.of("counter", "home")));

        assertThat(status(head)).isEqualTo(status(get));
        assertThat(headers(head)).isEqualTo(headers(get));
        assertThat(body(head)).isEmpty();
    }

    @Test
    void preflight_allows_the_site_to_read() {
        ObjectNode event = Events.request("OPTIONS", "/count", Map.of());
        event.withObject("/headers").put("origin", SITE).put("access-control-request-method", "GET");

        JsonNode answer = request(event);

        assertThat(status(answer)).isEqualTo(204);
        assertThat(headers(answer))
                .isEqualTo(Map.of(
                        "Allow", "GET, HEAD, OPTIONS",
                        "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS",
                        "Access-Control-Max-Age", "86400",
                        "Access-Control-Allow-Origin", SITE,
                        "Cache-Control", CACHEABLE,
                        "Vary", "Origin"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.example.org, true",
        "https://shop.example.com, true",
        "https://example.com, false",
        "https://www.example.org.evil.example, false",
        "http://www.example.org, false",
        "null, false",
        "'', false"
    })
    void origin_may_read_if_it_is_allowed(String origin, boolean isAllowed) {
        for (String path : List.of("/count", "/badge.svg", "/nothing")) {
            ObjectNode event = Events.request("GET", path, Map.of("counter", "home"));
            event.withObject("/headers").put("origin", origin);

            JsonNode answer = request(event);

            assertThat(status(answer)).isEqualTo(path.equals("/nothing") ? 404 : 200);
            assertThat(headers(answer)).containsEntry("Vary", "Origin");
            assertThat(headers(answer).get("Access-Control-Allow-Origin")).isEqualTo(isAllowed ? origin : null);
        }
    }

    @Test
    void site_counter_may_be_requested() {
        CountHandler withSite = new CountHandler(
                VisitorCounterConfig.builder()
                        .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                        .set(Setting.SITE_COUNTER, "whole-site")
                        .build(),
                TestPorts.of(store, time).ports()) {};
        String event =
                Events.request("GET", "/count", Map.of("counter", "whole-site")).toString();

        assertThat(status(Events.handle(withSite, event, context))).isEqualTo(200);
    }

    @Test
    void without_allowed_origins_no_page_of_another_origin_may_read() {
        CountHandler closed = new CountHandler(
                VisitorCounterConfig.builder().build(),
                TestPorts.of(store, time).ports()) {};
        ObjectNode event = Events.request("GET", "/count", Map.of());
        event.withObject("/headers").put("origin", SITE);

        assertThat(headers(Events.handle(closed, event.toString(), context)))
                .containsEntry("Cache-Control", "public, max-age=5, s-maxage=5")
                .doesNotContainKeys("Access-Control-Allow-Origin", "Vary");
    }

    @Test
    void unavailable_store_is_logged_and_nothing_is_cached() {
        CountHandler unlucky = handler(failing(new ServiceUnavailableException("on purpose", null)));

        JsonNode json = Events.handle(
                unlucky,
                Events.request("GET", "/count", Map.of("counter", "home")).toString(),
                context);
        JsonNode badge = Events.handle(
                unlucky,
                Events.request("GET", "/badge.svg", Map.of("counter", "home", "label", "here"))
                        .toString(),
                context);

        assertThat(status(json)).isEqualTo(503);
        assertThat(body(json)).isEqualTo("{\"error\":\"The count is unavailable at the moment. Try again later.\"}");
        assertThat(headers(json)).containsEntry("Cache-Control", "no-store");
        assertThat(status(badge)).isEqualTo(200);
        assertThat(body(badge)).contains("here: unavailable").doesNotContain("purpose");
        assertThat(headers(badge)).containsEntry("Cache-Control", "no-store");
        assertThat(context.log()).hasSize(2).allSatisfy(line -> assertThat(line)
                .startsWith("[ERROR] Count not read counterId=home ")
                .contains("on purpose"));
    }

    @Test
    void any_failure_of_the_store_is_answered() {
        CountHandler broken = handler(failing(new IllegalStateException("denied on purpose")));

        assertThat(status(Events.handle(
                        broken,
                        Events.request("GET", "/count", Map.of("counter", "home"))
                                .toString(),
                        context)))
                .isEqualTo(503);
    }

    private static CounterStore failing(RuntimeException failure) {
        return (CounterStore) Proxy.newProxyInstance(
                CountHandlerTest.class.getClassLoader(),
                new Class<?>[] {CounterStore.class},
                (proxy, method, arguments) -> {
                    throw failure;
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"version\":\"1.0\",\"httpMethod\":\"GET\",\"path\":\"/count\"}",
                "{\"version\":\"0\",\"source\":\"aws.events\"}",
                "{\"version\":2,\"rawPath\":\"/count\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"version\":\"2.0\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"version\":\"2.0\",\"rawPath\":\"/count\",\"requestContext\":{}}",
                "{\"requestContext\":{\"eventType\":\"CONNECT\"}}"
            })
    void event_that_is_not_a_request_is_answered_400(String event) {
        JsonNode answer = Events.handle(handler, event, context);

        assertThat(status(answer)).isEqualTo(400);
        assertThat(headers(answer)).containsEntry("Cache-Control", "no-store");
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[WARN] Rejected request status=400 reason=invalid detail=\"not an HTTP request: ");
    }

    /** AWS omits fields that would be empty. */
    @Test
    void event_without_headers_and_query_is_a_request() {
        assertThat(status(Events.handle(
                        handler,
                        "{\"version\":\"2.0\",\"rawPath\":\"/count\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                        context)))
                .isEqualTo(200);
    }

    private JsonNode get(String path, Map<String, String> query) {
        return request(Events.request("GET", path, query));
    }

    private JsonNode request(ObjectNode event) {
        return Events.handle(handler, event.toString(), context);
    }

    private static int status(JsonNode answer) {
        return answer.get("statusCode").intValue();
    }

    private static String body(JsonNode answer) {
        return answer.get("body").textValue();
    }

    private static Map<String, String> headers(JsonNode answer) {
        return new ObjectMapper().convertValue(answer.get("headers"), new TypeReference<>() {});
    }
}
