package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy.Decision;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.Departure;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe.Answer;
import io.github.visitorcounter.internal.testing.FakePoster;
import io.github.visitorcounter.internal.testing.InMemoryLeaseStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.InMemoryWakeUps;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.reconcile.ReconcileReport;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests hooks that throw anything, including undeclared checked exceptions (Kotlin, Lombok), or are slow. */
class ThrowingHooksTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 100);
    private final TestPorts ports = TestPorts.of(store, time);
    private final TestContext context = new TestContext();
    private final VisitorCounterConfig config = VisitorCounterConfig.builder()
            .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
            .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
            .build();

    static Stream<Throwable> throwables() {
        return Stream.of(
                new IllegalStateException("on purpose"),
                new IOException("on purpose"),
                new NoClassDefFoundError("on/purpose"),
                new AssertionError("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void after_connecting_the_visitor_is_connected(Throwable thrown) {
        ConnectHandler handler = new ConnectHandler(config, ports.ports()) {
            @Override
            protected void onConnected(Arrival arrival) {
                ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
            }
        };

        assertThat(connect(handler).get("statusCode").intValue()).isEqualTo(200);
        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[ERROR] Hook failed hook=onConnected ")
                .contains(thrown.getMessage());
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void while_admitting_the_visitor_is_rejected(Throwable thrown) {
        ConnectHandler handler = new ConnectHandler(config, ports.ports()) {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
                return ConnectDecision.accept();
            }
        };

        assertThat(connect(handler).get("statusCode").intValue()).isEqualTo(500);
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void after_disconnecting_the_broadcast_is_requested(Throwable thrown) {
        store.addConnection(Connection.opened("U_vNFdo2IAMCIoA=", "home", time.now()), LATER);
        List<String> requested = new ArrayList<>();
        DisconnectHandler handler =
                new DisconnectHandler(
                        config,
                        ports.withRequester((counterId, deadline) -> requested.add(counterId))
                                .ports()) {
                    @Override
                    protected void onDisconnected(Departure departure) {
                        ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
                    }
                };

        Events.handle(handler, Events.disconnect("U_vNFdo2IAMCIoA="), context);

        assertThat(requested).containsExactly("home");
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void for_a_message_the_page_receives_an_error(Throwable thrown) {
        MessageHandler handler = new MessageHandler(config, ports.ports()) {
            @Override
            protected String onMessage(ClientMessage message) {
                ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
                return "";
            }
        };

        JsonNode response =
                Events.handle(handler, Events.message("U_vNFdo2IAMCIoA=", "{\"action\":\"chat\"}"), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(200);
        assertThat(response.get("body").textValue()).contains("error").doesNotContain("purpose");
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void after_a_broadcast_it_is_not_retried(Throwable thrown) {
        FakePoster gateway = audience("a");
        StreamBroadcastHandler handler = new StreamBroadcastHandler(config, broadcasting(gateway)) {
            @Override
            protected void onBroadcast(BroadcastReport report) {
                ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
            }
        };

        assertThat(failures(handler)).isEmpty();

        assertThat(gateway.received("a")).hasSize(1);
        assertThat(context.log()).anySatisfy(line -> assertThat(line)
                .contains("Hook failed", "hook=onBroadcast", thrown.getClass().getName(), thrown.getMessage()));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void while_deciding_about_a_stale_connection_it_is_kept(Throwable thrown) {
        FakePoster gateway = audience("a", "b");
        gateway.close("b");
        StreamBroadcastHandler handler = new StreamBroadcastHandler(config, broadcasting(gateway)) {
            @Override
            protected Decision onStale(StaleConnection stale) {
                ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
                return Decision.REMOVE;
            }
        };

        probeAgain(handler, "b");

        assertThat(store.find("b", LATER)).isNotNull();
        assertThat(context.log()).anySatisfy(line -> assertThat(line)
                .contains("Hook failed", "hook=onStale", thrown.getClass().getName(), thrown.getMessage()));
    }

    @Test
    void without_a_decision_a_stale_connection_is_kept() {
        FakePoster gateway = audience("a", "b");
        gateway.close("b");
        StreamBroadcastHandler undecided = new StreamBroadcastHandler(config, broadcasting(gateway)) {
            @Override
            protected Decision onStale(StaleConnection stale) {
                return null;
            }
        };

        probeAgain(undecided, "b");
        assertThat(store.find("b", LATER)).isNotNull();

        probeAgain(new StreamBroadcastHandler(config, broadcasting(gateway)) {}, "b");
        assertThat(store.find("b", LATER)).isNull();
    }

    /** The default hook calls the policy, so the same rules hold. */
    @ParameterizedTest
    @MethodSource("throwables")
    void while_a_policy_decides_a_stale_connection_is_kept(Throwable thrown) {
        FakePoster gateway = audience("a", "b");
        gateway.close("b");
        VisitorCounterConfig policy = VisitorCounterConfig.builder()
                .set(Setting.STALE_CONNECTION_POLICY, stale -> {
                    ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
                    return Decision.REMOVE;
                })
                .build();

        probeAgain(new StreamBroadcastHandler(policy, broadcasting(gateway)) {}, "b");

        assertThat(store.find("b", LATER)).isNotNull();
    }

    /** Reconcile removes no connection because of a 410; the wake-up calls the hook. */
    @Test
    void reconcile_leaves_stale_connections_to_the_hook() {
        FakePoster gateway = audience("a", "b");
        gateway.close("b");
        InMemoryWakeUps wakeUps = new InMemoryWakeUps();
        TestPorts broadcastPorts = ports.withBroadcast(new InMemoryLeaseStore(), wakeUps, gateway)
                .withProbe(id -> CompletableFuture.completedFuture(id.equals("b") ? Answer.GONE : Answer.OPEN));
        List<String> asked = new ArrayList<>();
        StreamBroadcastHandler keeper = new StreamBroadcastHandler(config, broadcastPorts.ports()) {
            @Override
            protected Decision onStale(StaleConnection stale) {
                asked.add(stale.connection().connectionId());
                return Decision.KEEP;
            }
        };

        Events.handle(new ReconcileHandler(config, broadcastPorts.ports()) {}, "{}", context);
        assertThat(store.find("b", LATER)).isNotNull();
        assertThat(wakeUps.takeFollowUps()).singleElement().satisfies(followUp -> assertThat(followUp.suspects())
                .extracting(Connection::connectionId)
                .containsExactly("b"));

        probeAgain(keeper, "b");
        assertThat(asked).containsExactly("b");
        assertThat(store.find("b", LATER)).isNotNull();
    }

    /** Expired rows need no decision, because API Gateway closes every connection after two hours. */
    @Test
    void expired_connections_are_removed_without_the_hook() {
        store.addConnection(
                Connection.opened(
                        "old", "home", time.now().minus(Connection.LIFETIME).minusSeconds(1)),
                LATER);

        Events.handle(new ReconcileHandler(config, ports.ports()) {}, "{}", context);

        assertThat(store.find("old", LATER)).isNull();
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void in_a_message_format_only_its_counter_is_retried(Throwable thrown) {
        FakePoster gateway = audience("a");
        store.addConnection(Connection.opened("x", "site", time.now().minusSeconds(60)), LATER);
        gateway.open("x");
        VisitorCounterConfig format = VisitorCounterConfig.builder()
                .messageFormat(count -> {
                    if (count.counterId().equals("home")) {
                        ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
                    }
                    return "hello";
                })
                .build();

        List<String> failures = failures(new StreamBroadcastHandler(format, broadcasting(gateway)) {});

        assertThat(failures).containsExactly("1");
        assertThat(gateway.received("x")).containsExactly("hello");
        assertThat(context.log()).anySatisfy(line -> assertThat(line)
                .contains("Broadcast failed counterId=home", thrown.getClass().getName()));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void after_reconciling_the_repair_stays(Throwable thrown) {
        store.edit(new VisitorCount("home", 3, 3, 3, time.now()));
        ReconcileHandler handler = new ReconcileHandler(config, ports.ports()) {
            @Override
            protected void onReconciled(ReconcileReport report) {
                ThrowingHooksTest.<RuntimeException>sneakyThrow(thrown);
            }
        };

        assertThat(Events.handle(handler, "{}", context).at("/drifts/home").longValue())
                .isEqualTo(3);

        assertThat(store.read("home", LATER).live()).isZero();
        assertThat(context.log()).anySatisfy(line -> assertThat(line).contains("Hook failed", "hook=onReconciled"));
    }

    @Test
    void admit_that_returns_null_rejects() {
        ConnectHandler handler = new ConnectHandler(config, ports.ports()) {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                return null;
            }
        };

        assertThat(connect(handler).get("statusCode").intValue()).isEqualTo(500);
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
    }

    /** Returns connections whose handshake is long finished. */
    private FakePoster audience(String... connectionIds) {
        FakePoster gateway = new FakePoster();
        for (String id : connectionIds) {
            store.addConnection(Connection.opened(id, "home", time.now().minusSeconds(60)), LATER);
            gateway.open(id);
        }
        return gateway;
    }

    private Ports broadcasting(FakePoster gateway) {
        return ports.withBroadcast(new InMemoryLeaseStore(), new InMemoryWakeUps(), gateway)
                .ports();
    }

    /** Returns the records that Lambda must deliver again: the first is of home, the second of site. */
    private List<String> failures(StreamBroadcastHandler handler) {
        String batch = """
                {"Records":[%s,%s]}""".formatted(changed("1", "home"), changed("2", "site"));
        return Events.handle(handler, batch, context).findValuesAsText("itemIdentifier");
    }

    private static String changed(String sequenceNumber, String counterId) {
        return """
                {"eventName":"MODIFY","eventSourceARN":"arn:aws:dynamodb","dynamodb":{"SequenceNumber":"%s","Keys":{"counterId":{"S":"%s"}},
                "NewImage":{"counterId":{"S":"%s"},"lastChange":{"S":"RECONCILE"}}}}""".formatted(sequenceNumber, counterId, counterId);
    }

    /** Returns a wake-up with a suspect. */
    private void probeAgain(StreamBroadcastHandler handler, String suspect) {
        String image = "{\"version\":{\"N\":\"1\"},\"suspects\":{\"M\":{\"%s\":{\"N\":\"%d\"}}},"
                + "\"until\":{\"N\":\"%d\"},\"attempt\":{\"N\":\"0\"}}";
        String event = """
                {"Records":[{"eventName":"INSERT","eventSourceARN":"arn:aws:dynamodb","dynamodb":{"SequenceNumber":"1",
                "Keys":{"counterId":{"S":"%s"}},"NewImage":%s}}]}""".formatted(
                        "wake#home#suspects-0",
                        image.formatted(
                                suspect,
                                time.now().minusSeconds(60).toEpochMilli(),
                                time.now().plusSeconds(60).toEpochMilli()));
        Events.handle(handler, event, context);
    }

    /** After these errors the process state is undefined: Lambda should replace the instance. */
    @Test
    void errors_of_the_virtual_machine_end_the_invocation() {
        ConnectHandler handler = new ConnectHandler(config, ports.ports()) {
            @Override
            protected void onConnected(Arrival arrival) {
                throw new OutOfMemoryError("on purpose");
            }
        };

        assertThatThrownBy(() -> connect(handler)).isInstanceOf(OutOfMemoryError.class);
    }

    /** A broadcast may have removed the connection meanwhile, after 410. */
    @Test
    void after_a_hook_that_outlasts_the_handshake_the_visitor_is_rejected() {
        assertThat(connect(slow(Duration.ofSeconds(21))).get("statusCode").intValue())
                .isEqualTo(503);
        assertThat(context.log()).singleElement().asString().contains("status=503", "HANDSHAKE_GRACE");
    }

    @Test
    void after_a_hook_that_ends_in_time_the_visitor_is_connected() {
        assertThat(connect(slow(Duration.ofSeconds(19))).get("statusCode").intValue())
                .isEqualTo(200);
    }

    private ConnectHandler slow(Duration duration) {
        return new ConnectHandler(config, ports.ports()) {
            @Override
            protected void onConnected(Arrival arrival) {
                time.sleep(duration);
            }
        };
    }

    private JsonNode connect(ConnectHandler handler) {
        ObjectNode event = Events.load("connect");
        event.withObject("/requestContext").put("connectedAt", time.now().toEpochMilli());
        return Events.handle(handler, event.toString(), context);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneakyThrow(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
