package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.BudgetUse;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

class MessageHandlerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final String ID = "U_vNFdo2IAMCIoA=";
    private static final String ASK = "{\"action\":\"count\"}";
    private static final Path GOLDEN = Path.of("..", "js-client", "test", "golden");

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 100);
    private final TestContext context = new TestContext();
    private final MessageHandler handler = handler(VisitorCounterConfig.builder()
            .set(Setting.CLIENT_MESSAGES_PER_MINUTE, 3)
            .build());

    @BeforeEach
    void somebodyIsHere() {
        store.addConnection(Connection.opened(ID, "home", time.now()), LATER);
    }

    @Test
    void count_is_the_current_one_of_the_connection() {
        store.addConnection(Connection.opened("other=", "home", time.now()), LATER);
        assertThat(body(handler, ASK))
                .isEqualTo("{\"type\":\"visitor-count\",\"counter\":\"home\",\"live\":2,\"total\":2,\"version\":2}");

        store.removeConnections(List.of("other="), Change.DISCONNECT, time.now(), LATER);
        assertThat(body(handler, ASK))
                .isEqualTo("{\"type\":\"visitor-count\",\"counter\":\"home\",\"live\":1,\"total\":2,\"version\":3}");
    }

    /** Otherwise the page would show other numbers than all others, and no broadcast might correct them. */
    @Test
    void count_is_that_of_the_last_broadcast() {
        InMemoryLeaseStore leases = new InMemoryLeaseStore();
        VisitorCount sent = store.read("home", LATER);
        beginPass(leases, sent);
        leases.release("home", "holder", sent.version(), LATER);
        store.addConnection(Connection.opened("other=", "home", time.now()), LATER);

        assertThat(body(sharing(leases), ASK)).contains("\"live\":1").contains("\"version\":1}");
    }

    @Test
    void count_is_that_of_a_first_pass_that_begins_meanwhile() {
        InMemoryLeaseStore leases = new InMemoryLeaseStore();
        VisitorCount older = store.read("home", LATER);
        store.addConnection(Connection.opened("other=", "home", time.now()), LATER);
        AtomicInteger calls = new AtomicInteger();
        LeaseStore beginning = (LeaseStore) Proxy.newProxyInstance(
                LeaseStore.class.getClassLoader(), new Class<?>[] {LeaseStore.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(leases, arguments);
                    if (calls.getAndIncrement() == 0) {
                        beginPass(leases, older);
                    }
                    return answer;
                });

        assertThat(body(sharing(beginning), ASK)).contains("\"live\":1").contains("\"version\":1}");
    }

    private MessageHandler sharing(LeaseStore leases) {
        return new Handler(
                VisitorCounterConfig.builder().build(),
                TestPorts.of(store, time).withBroadcast(leases, new InMemoryWakeUps(), new FakePoster()));
    }

    private void beginPass(LeaseStore leases, VisitorCount count) {
        Instant now = time.now();
        leases.acquire(
                "home",
                new AcquireRequest(
                        "holder", Lease.NEW, count, new BudgetUse(now, 100, now, 1, 0), now, now.plusSeconds(15)),
                LATER);
    }

    @Test
    void count_has_the_format_of_broadcasts() {
        MessageHandler inWords = handler(VisitorCounterConfig.builder()
                .messageFormat(count -> count.live() + " here")
                .build());

        assertThat(body(inWords, ASK)).isEqualTo("1 here");
    }

    @Test
    void null_message_is_not_sent_on_request() {
        MessageHandler silent = handler(
                VisitorCounterConfig.builder().messageFormat(count -> null).build());

        assertThat(answer(silent, ASK).has("body")).isFalse();
    }

    @Test
    void uncounted_connection_receives_an_error_frame() throws IOException {
        JsonNode answer = Events.handle(handler, Events.message("stranger=", ASK), context);

        assertThat(parse(answer.get("body").textValue()))
                .isEqualTo(
                        parse(
                                "{\"type\":\"error\",\"message\":\"This connection is not counted any more. Connect again.\"}"));
    }

    @Test
    void ping_is_answered_with_pong() {
        assertThat(body(handler, "{\"action\":\"ping\"}")).isEqualTo("{\"type\":\"pong\"}");
    }

    @Test
    void every_message_of_the_js_client_is_answered() throws IOException {
        JsonNode client =
                new ObjectMapper().readTree(GOLDEN.resolve("client.json").toFile());
        MessageHandler ofSite = handler(
                VisitorCounterConfig.builder().set(Setting.SITE_COUNTER, "site").build());
        for (JsonNode message : client.get("messages")) {
            assertThat(body(ofSite, message.get("frame").textValue())).doesNotContain("error");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "null",
                "7",
                "[]",
                "{}",
                "{\"action\":null}",
                "{\"action\":{}}",
                "{\"action\":[\"count\"]}",
                "{\"action\":\"secret\"}",
                "{\"action\":\"COUNT\"}",
                "{\"action\":\"count\"} secret",
                "{\"action\":\"secret\",\"action\":\"count\"}",
                "{\"action\":\"\\ud800\"}"
            })
    void other_messages_are_answered_with_the_error_frame(String message) throws IOException {
        JsonNode frames =
                new ObjectMapper().readTree(GOLDEN.resolve("frames.json").toFile());
        List<String> golden = new ArrayList<>();
        frames.get("cases").forEach(frame -> {
            if (frame.get("from").textValue().equals("message handler")) {
                golden.add(frame.get("frame").textValue());
            }
        });

        assertThat(golden).containsExactly(body(handler, message));
        assertThat(context.log())
                .containsExactly("[INFO] Rejected message status=200 reason=action"
                        + " detail=\"the message has no known action\"");
    }

    @Test
    void deep_nesting_is_answered_with_the_error_frame() {
        assertThat(body(handler, "[".repeat(100_000))).contains("\"allowed\":[\"count\",\"ping\"]");
        assertThat(body(handler, "{\"action\":".repeat(20_000))).contains("\"allowed\":[\"count\",\"ping\"]");
    }

    @Test
    void custom_message_is_answered_by_the_hook() {
        List<ClientMessage> seen = new ArrayList<>();
        MessageHandler own = new Handler(VisitorCounterConfig.builder().build()) {
            @Override
            protected String onMessage(ClientMessage message) {
                seen.add(message);
                return "greet".equals(message.action()) ? "hello" : null;
            }
        };

        assertThat(body(own, "{\"action\":\"greet\",\"name\":\"you\"}")).isEqualTo("hello");
        assertThat(body(own, "{\"action\":\"shout\"}")).contains("error");
        assertThat(body(own, ASK)).contains("visitor-count");
        assertThat(seen).extracting(ClientMessage::action).containsExactly("greet", "shout");
        assertThat(seen.get(0))
                .isEqualTo(new ClientMessage(
                        ID,
                        Instant.ofEpochMilli(1603677165298L),
                        Instant.ofEpochMilli(1603677169209L),
                        "greet",
                        "{\"action\":\"greet\",\"name\":\"you\"}",
                        Map.of()));
    }

    @Test
    void empty_answer_of_the_hook_sends_nothing() {
        MessageHandler own = new Handler(VisitorCounterConfig.builder().build()) {
            @Override
            protected String onMessage(ClientMessage message) {
                return "";
            }
        };

        assertThat(answer(own, "{\"action\":\"note\"}").has("body")).isFalse();
    }

    @Test
    void failing_hook_is_logged_without_details_for_the_page() {
        MessageHandler own = new Handler(VisitorCounterConfig.builder().build()) {
            @Override
            protected String onMessage(ClientMessage message) {
                throw new IllegalStateException("on purpose");
            }
        };

        assertThat(body(own, "{\"action\":\"greet\"}"))
                .isEqualTo("{\"type\":\"error\",\"message\":\"There is no answer at the moment. Try again later.\"}");
        assertThat(context.log()).singleElement().asString().contains("on purpose");
    }

    @Test
    void unavailable_store_is_logged_and_answered_with_error() {
        CounterStore down = (CounterStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CounterStore.class}, (proxy, method, arguments) -> {
                    throw new ServiceUnavailableException("on purpose", null);
                });
        MessageHandler unlucky = new MessageHandler(
                VisitorCounterConfig.builder().build(),
                TestPorts.of(down, time).withConnections(store).ports()) {};

        assertThat(body(unlucky, ASK)).contains("error").doesNotContain("purpose");
        assertThat(context.log()).singleElement().asString().contains("on purpose");
    }

    @Test
    void rate_limit_sends_one_error_frame_per_minute() {
        for (int i = 0; i < 3; i++) {
            assertThat(body(handler, ASK)).contains("visitor-count");
        }
        assertThat(body(handler, ASK)).contains("More than 3 messages in a minute");
        for (int i = 0; i < 5; i++) {
            assertThat(answer(handler, ASK).has("body")).isFalse();
        }
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[INFO] Rejected message status=200 reason=rate ")
                .contains("VISITOR_COUNTER_CLIENT_MESSAGES_PER_MINUTE");

        time.sleep(Duration.ofMinutes(1));
        assertThat(body(handler, ASK)).contains("visitor-count");
    }

    @Test
    void rate_limits_of_connections_are_independent() {
        store.addConnection(Connection.opened("other=", "home", time.now()), LATER);
        for (int i = 0; i < 10; i++) {
            answer(handler, ASK);
        }

        JsonNode answer = Events.handle(handler, Events.message("other=", ASK), context);

        assertThat(answer.get("body").textValue()).contains("visitor-count");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"Records\":[]}",
                "{\"requestContext\":{\"eventType\":\"CONNECT\"}}"
            })
    void malformed_event_is_answered_400(String event) {
        JsonNode answer = Events.handle(handler, event, context);

        assertThat(answer.get("statusCode").intValue()).isEqualTo(400);
        assertThat(answer.has("body")).isFalse();
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[WARN] Rejected message status=400 reason=invalid detail=\"not a message event: ");
    }

    private String body(MessageHandler to, String message) {
        return answer(to, message).path("body").textValue();
    }

    private JsonNode answer(MessageHandler to, String message) {
        JsonNode answer = Events.handle(to, Events.message(ID, message), context);
        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        return answer;
    }

    private static JsonNode parse(String json) throws IOException {
        return new ObjectMapper().readTree(json);
    }

    private MessageHandler handler(VisitorCounterConfig config) {
        return new Handler(config);
    }

    private class Handler extends MessageHandler {
        Handler(VisitorCounterConfig config) {
            this(config, TestPorts.of(store, time));
        }

        Handler(VisitorCounterConfig config, TestPorts ports) {
            super(config, ports.ports());
        }
    }
}
