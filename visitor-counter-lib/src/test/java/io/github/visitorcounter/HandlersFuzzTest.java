package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryIpRateLimiter;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.testing.fuzz.FuzzedEvent;
import io.github.visitorcounter.testing.fuzz.FuzzedEvents;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;
import net.jqwik.api.statistics.Statistics;

import javax.xml.parsers.DocumentBuilderFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes the handlers with real events whose parts are missing, mistyped, huge or hostile, with events of other
 * services, and with invalid JSON. Every handler must answer without throwing, write nothing unless the event is one of
 * its own, and repeat no text of the event in the log or to the page.
 *
 * <p>The expected validity is computed independently of the library, in the simplest way.
 */
class HandlersFuzzTest {

    /** The events for each handler that reads its event. */
    private static final int TRIES = 10_000;

    /** Fixed, so that a build that was green stays green. */
    private static final String SEED = "20261124";

    /** The events for the reconcile handler, which does not read its event. */
    private static final int FEW_TRIES = 2_000;

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final String ID = "L0SM9cOFvHcCIhw=";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private ManualTimeSource time = new ManualTimeSource();
    private InMemoryStore store = new InMemoryStore(time, 100);
    private TestContext context = new TestContext();

    /** Resets the state between events. */
    @BeforeTry
    void resetState() {
        time = new ManualTimeSource();
        store = new InMemoryStore(time, 100);
        context = new TestContext();
    }

    @Provide
    Arbitrary<FuzzedEvent> connections() {
        return FuzzedEvents.of(List.of("connect", "connect-without-query", "connect-authorized"));
    }

    @Provide
    Arbitrary<FuzzedEvent> disconnections() {
        return FuzzedEvents.of(List.of("disconnect", "disconnect-authorized"));
    }

    @Provide
    Arbitrary<FuzzedEvent> messages() {
        return FuzzedEvents.of(List.of("message", "message-authorized"));
    }

    @Provide
    Arbitrary<FuzzedEvent> requests() {
        return FuzzedEvents.of(List.of("request-function-url", "request-http-api"));
    }

    @Provide
    Arbitrary<FuzzedEvent> broadcasts() {
        return FuzzedEvents.of(List.of("stream-batch", "wake-ups", "direct", "segment"));
    }

    @Property(seed = SEED, tries = TRIES, generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void connect_counts_exactly_the_accepted_connections(@ForAll("connections") FuzzedEvent fuzzed) {
        InMemoryIpRateLimiter addresses = new InMemoryIpRateLimiter();
        VisitorCounterConfig config = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.ALLOWED_ORIGINS, Set.of("https://www.example.org"))
                .set(Setting.CONNECTS_PER_IP, 1_000)
                .build();

        ConnectHandler handler =
                new ConnectHandler(
                        config,
                        TestPorts.of(store, time).withIpRateLimiter(addresses).ports()) {
                    @Override
                    protected ConnectDecision admit(Arrival arrival) {
                        arrival.request().authorizer().values().forEach(HandlersFuzzTest::assertIsScalar);
                        return ConnectDecision.accept();
                    }
                };
        int status = status(handle(handler, fuzzed));

        assertThat(status).isIn(200, 400, 403);
        long counted =
                store.read("home", LATER).total() + store.read("site", LATER).total();
        assertThat(counted).isEqualTo(status == 200 ? 1 : 0);
        assertThat(addresses.isEmpty()).isEqualTo(status != 200);
        if (status == 200) {
            assertThat(isGatewayEvent(fuzzed, "CONNECT")).isTrue();
            assertThat(origin(parse(fuzzed))).isEqualTo("https://www.example.org");
        }
        Statistics.collect(status);
        Statistics.coverage(coverage -> {
            coverage.check(200).percentage(percent -> percent > 10);
            coverage.check(400).percentage(percent -> percent > 10);
            coverage.check(403).percentage(percent -> percent > 1);
        });
    }

    @Property(seed = SEED, tries = TRIES, generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void disconnect_removes_only_the_connection_of_its_event(@ForAll("disconnections") FuzzedEvent fuzzed) {
        store.addConnection(Connection.opened(ID, "home", time.now()), LATER);
        List<String> requested = new ArrayList<>();

        int status = status(handle(
                new DisconnectHandler(
                        VisitorCounterConfig.builder().build(),
                        TestPorts.of(store, time)
                                .withRequester((counterId, deadline) -> requested.add(counterId))
                                .ports()) {},
                fuzzed));

        assertThat(status).isIn(200, 400);
        boolean removed = store.find(ID, LATER) == null;
        assertThat(store.read("home", LATER).live()).isEqualTo(removed ? 0 : 1);
        assertThat(requested).hasSize(removed ? 1 : 0);
        if (status == 200) {
            assertThat(isGatewayEvent(fuzzed, "DISCONNECT")).isTrue();
        }
        if (removed) {
            assertThat(parse(fuzzed).at("/requestContext/connectionId").textValue())
                    .isEqualTo(ID);
        }
        Statistics.collect(status, removed);
        Statistics.coverage(coverage -> {
            coverage.check(200, true).percentage(percent -> percent > 10);
            coverage.check(400, false).percentage(percent -> percent > 10);
        });
    }

    @Property(seed = SEED, tries = TRIES, generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void message_answers_without_echo_and_writes_nothing(@ForAll("messages") FuzzedEvent fuzzed) throws IOException {
        store.addConnection(Connection.opened("U_vNFdo2IAMCIoA=", "home", time.now()), LATER);
        VisitorCount before = store.read("home", LATER);
        VisitorCounterConfig config = VisitorCounterConfig.builder().build();

        JsonNode answer =
                handle(new MessageHandler(config, TestPorts.of(store, time).ports()) {}, fuzzed);

        int status = status(answer);
        assertThat(status).isIn(200, 400);
        assertThat(store.read("home", LATER)).isEqualTo(before);
        assertThat(answer.has("body")).isEqualTo(status == 200);
        String type = "none";
        if (status == 200) {
            assertThat(isGatewayEvent(fuzzed, "MESSAGE")).isTrue();
            String body = answer.get("body").textValue();
            assertRepeatsNothing(body);
            type = JSON.readTree(body).get("type").textValue();
        }
        Statistics.collect(status, type);
        Statistics.coverage(coverage -> {
            coverage.check(200, "visitor-count").percentage(percent -> percent > 10);
            coverage.check(200, "error").percentage(percent -> percent > 1);
            coverage.check(400, "none").percentage(percent -> percent > 10);
        });
    }

    @Property(seed = SEED, tries = TRIES, generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void count_answers_without_markup_and_writes_nothing(@ForAll("requests") FuzzedEvent fuzzed) throws Exception {
        store.addConnection(Connection.opened(ID, "home", time.now()), LATER);
        VisitorCount before = store.read("home", LATER);
        VisitorCounterConfig config = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.ALLOWED_ORIGINS, Set.of("https://www.example.org"))
                .build();

        JsonNode answer =
                handle(new CountHandler(config, TestPorts.of(store, time).ports()) {}, fuzzed);

        int status = status(answer);
        assertThat(status).isIn(200, 204, 400, 404, 405);
        assertThat(store.read("home", LATER)).isEqualTo(before);
        String body = answer.get("body").textValue();
        assertThat(body).matches("[ -~]*").doesNotContain("<script");
        if (answer.at("/headers/Content-Type").asText().equals("image/svg+xml")) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        } else if (!body.isEmpty()) {
            assertRepeatsNothing(body);
            JSON.readTree(body);
        }
        if (status == 200) {
            assertThat(parse(fuzzed).path("version").textValue()).isEqualTo("2.0");
        }
        assertThat(answer.at("/headers/Access-Control-Allow-Origin").asText("https://www.example.org"))
                .isIn("", "https://www.example.org");
        Statistics.collect(status);
        Statistics.coverage(coverage -> {
            coverage.check(200).percentage(percent -> percent > 10);
            coverage.check(400).percentage(percent -> percent > 10);
            coverage.check(404).percentage(percent -> percent > 0.2);
        });
    }

    @Property(seed = SEED, tries = TRIES, generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void broadcast_posts_only_if_a_counter_changed(@ForAll("broadcasts") FuzzedEvent fuzzed) {
        store.addConnection(Connection.opened(ID, "site", time.now().minusSeconds(60)), LATER);
        VisitorCount before = store.read("site", LATER);
        FakePoster gateway = new FakePoster();
        gateway.open(ID);
        AtomicInteger leaseCalls = new AtomicInteger();
        Ports ports = TestPorts.of(store, time)
                .withBroadcast(counting(new InMemoryLeaseStore(), leaseCalls), new InMemoryWakeUps(), gateway)
                .ports();
        VisitorCounterConfig config = VisitorCounterConfig.builder().build();

        JsonNode answer = handle(new StreamBroadcastHandler(config, ports) {}, fuzzed);

        assertThat(answer.has("batchItemFailures") || answer.has("audience")).isTrue();
        assertThat(sequenceNumbers(parse(fuzzed)))
                .containsAll(answer.path("batchItemFailures").findValuesAsText("itemIdentifier"));
        assertThat(store.read("site", LATER)).isEqualTo(before);
        assertThat(store.find(ID, LATER)).isNotNull();
        boolean didSomething = leaseCalls.get() > 0 || !gateway.order().isEmpty();
        if (didSomething) {
            assertThat(requestsBroadcast(parse(fuzzed))).isTrue();
        }
        Statistics.collect(didSomething);
        Statistics.coverage(coverage -> {
            coverage.check(true).percentage(percent -> percent > 10);
            coverage.check(false).percentage(percent -> percent > 10);
        });
    }

    @Property(seed = SEED, tries = FEW_TRIES, generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void reconcile_runs_for_every_valid_json_event(@ForAll("messages") FuzzedEvent fuzzed) {
        store.edit(new VisitorCount("site", 3, 3, 3, time.now()));
        VisitorCounterConfig config = VisitorCounterConfig.builder().build();

        JsonNode answer =
                handle(new ReconcileHandler(config, TestPorts.of(store, time).ports()) {}, fuzzed);

        boolean isEvent = !parse(fuzzed).isMissingNode();
        assertThat(store.read("site", LATER).live()).isEqualTo(isEvent ? 0 : 3);
        assertThat(answer.has("drifts")).isEqualTo(isEvent);
        Statistics.collect(isEvent);
        Statistics.coverage(coverage -> {
            coverage.check(true).percentage(percent -> percent > 10);
            coverage.check(false).percentage(percent -> percent > 1);
        });
    }

    private JsonNode handle(RequestStreamHandler handler, FuzzedEvent fuzzed) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(fuzzed.bytes()), answer, context);
            context.log().forEach(HandlersFuzzTest::assertRepeatsNothing);
            return JSON.readTree(answer.toByteArray());
        } catch (IOException failure) {
            throw new AssertionError("The handler must not throw, and must answer in JSON", failure);
        }
    }

    private static void assertRepeatsNothing(String line) {
        assertThat(line).doesNotContain("jndi", "forged", "DROP TABLE", "<script>", "\n", "\u202e", "xxxxxxxxxx");
    }

    private static void assertIsScalar(Object value) {
        assertThat(value).isInstanceOfAny(String.class, Number.class, Boolean.class);
    }

    private static int status(JsonNode answer) {
        return answer.get("statusCode").intValue();
    }

    private static JsonNode parse(FuzzedEvent fuzzed) {
        try {
            return JSON.readTree(fuzzed.bytes());
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isGatewayEvent(FuzzedEvent fuzzed, String type) {
        JsonNode requestContext = parse(fuzzed).path("requestContext");
        JsonNode id = requestContext.path("connectionId");
        return type.equals(requestContext.path("eventType").textValue())
                && id.isTextual()
                && id.textValue().matches("[!-~]{1,128}")
                && isTime(requestContext.path("connectedAt"))
                && (type.equals("CONNECT") || isTime(requestContext.path("requestTimeEpoch")));
    }

    private static boolean isTime(JsonNode millis) {
        return millis.isIntegralNumber()
                && millis.canConvertToLong()
                && millis.longValue() >= 0
                && Instant.ofEpochMilli(millis.longValue()).isBefore(Instant.parse("+10000-01-01T00:00:00Z"));
    }

    private static String origin(JsonNode event) {
        for (var header : event.path("headers").properties()) {
            if (header.getKey().equalsIgnoreCase("origin")) {
                return header.getValue().textValue();
            }
        }
        return "";
    }

    /** The records that a batch may report as failed. */
    private static List<String> sequenceNumbers(JsonNode event) {
        return event.path("Records").findValues("SequenceNumber").stream()
                .map(JsonNode::asText)
                .toList();
    }

    private static boolean requestsBroadcast(JsonNode event) {
        if (!event.has("Records") || event.get("Records").isNull()) {
            return isCounter(event.path("counterId"));
        }
        for (JsonNode record : event.get("Records")) {
            JsonNode key = record.at("/dynamodb/Keys/counterId/S");
            JsonNode image = record.at("/dynamodb/NewImage");
            boolean hasImage = !image.isMissingNode() && !image.isNull();
            boolean isChange =
                    isCounter(key) && (!hasImage || image.at("/lastChange/S").isTextual());
            if (isChange || key.asText().startsWith("wake#")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCounter(JsonNode id) {
        return id.isTextual() && id.textValue().matches("[A-Za-z0-9._:/-]{1,100}");
    }

    private static LeaseStore counting(LeaseStore leases, AtomicInteger calls) {
        return (LeaseStore) Proxy.newProxyInstance(
                HandlersFuzzTest.class.getClassLoader(),
                new Class<?>[] {LeaseStore.class},
                (proxy, method, arguments) -> {
                    calls.incrementAndGet();
                    try {
                        return method.invoke(leases, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
