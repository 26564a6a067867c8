package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.ManualTimeSource;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectHandlerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final String LONG_ID = "01234567890123456789012345678901234567890123456789"
            + "012345678901234567890123456789012345678901234567890";

    private final InMemoryStore store = new InMemoryStore(TimeSource.system(), 100);
    private final TestContext context = new TestContext();
    private final VisitorCounterConfig config = VisitorCounterConfig.builder()
            .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
            .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
            .build();

    @Test
    void connect_is_counted_and_accepted() {
        JsonNode response = Events.handle(new Handler(), Events.load("connect").toString(), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(200);
        Instant connectedAt = Instant.ofEpochMilli(1645556857902L);
        assertThat(store.read("home", LATER)).isEqualTo(new VisitorCount("home", 1, 1, 1, connectedAt));
        assertThat(store.find("L0SM9cOFvHcCIhw=", LATER))
                .isEqualTo(new Connection(
                        "L0SM9cOFvHcCIhw=", "home", connectedAt, connectedAt.plusSeconds(7_800), "v-1", null, false));
    }

    @Test
    void connect_without_counter_uses_the_default() {
        Events.handle(new Handler(), Events.load("connect-without-query").toString(), context);

        assertThat(store.read("site", LATER).live()).isEqualTo(1);
    }

    @Test
    void duplicate_event_counts_once() {
        Handler handler = new Handler();
        Events.handle(handler, Events.load("connect").toString(), context);
        JsonNode second = Events.handle(handler, Events.load("connect").toString(), context);

        assertThat(second.get("statusCode").intValue()).isEqualTo(200);
        assertThat(store.read("home", LATER).total()).isEqualTo(1);
    }

    @Test
    void unknown_counter_is_rejected_without_writes() {
        JsonNode response = Events.handle(new Handler(), Events.connect("L0SM9cOFvHcCIhw=", "elsewhere"), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(403);
        assertThat(store.find("L0SM9cOFvHcCIhw=", LATER)).isNull();
        assertThat(context.log()).singleElement().asString().contains("VISITOR_COUNTER_ALLOWED_COUNTERS");
    }

    @Test
    void reconnecting_visit_counts_once_in_total() {
        Events.handle(new Handler(), Events.connect("R0oXAdfD0kwCH6w=", "home"), context);
        Events.handle(new Handler(), Events.connect("U_vNFdo2IAMCIoA=", "home"), context);

        assertThat(store.read("home", LATER).live()).isEqualTo(2);
        assertThat(store.read("home", LATER).total()).isEqualTo(1);
    }

    @Test
    void visitors_are_counted_by_the_id_of_the_page() {
        VisitorCounterConfig visitors = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.COUNTING_MODE, CountingMode.VISITORS)
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .build();
        ObjectNode event = Events.load("connect");
        event.withObject("/queryStringParameters").put("visitor", "x-1");

        Events.handle(new ConnectHandler(visitors, ports(store)) {}, event.toString(), context);

        assertThat(store.find("L0SM9cOFvHcCIhw=", LATER).visit()).isEqualTo("x-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#b", "a b", "é", "\u0000", "lease#home", LONG_ID})
    void invalid_visit_id_is_rejected_without_writes(String visit) {
        ObjectNode event = Events.load("connect");
        event.withObject("/queryStringParameters").put("visit", visit);

        JsonNode response = Events.handle(new Handler(), event.toString(), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(400);
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
        assertThat(context.log())
                .containsExactly(
                        "[INFO] Rejected connection status=400 reason=invalid detail=\"its visit's or visitor's"
                                + " id must be 1 to 100 letters, digits or . _ : / -\"");
    }

    @ParameterizedTest
    @CsvSource({"page:/prices, 200", "pag, 403", "home, 403", "pages:/prices, 403", "page:a#b, 403", "site, 200"})
    void wildcard_limits_the_counters(String counterId, int status) {
        VisitorCounterConfig rooms = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("page:*"))
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .build();

        JsonNode response =
                Events.handle(new ConnectHandler(rooms, ports(store)), Events.connect("x=", counterId), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(status);
        assertThat(store.find("x=", LATER) != null).isEqualTo(status == 200);
        assertThat(store.read(counterId, LATER).total()).isEqualTo(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "null",
                "{}",
                "{\"requestContext\":7}",
                "{\"requestContext\":{\"eventType\":\"CONNECT\",\"connectionId\":\"x\"}}",
                "{\"requestContext\":{\"eventType\":\"CONNECT\",\"connectionId\":{},\"connectedAt\":1}}",
                "{\"requestContext\":{\"eventType\":\"CONNECT\",\"connectionId\":\"x\",\"connectedAt\":\"1\"}}",
                "{\"requestContext\":{\"eventType\":\"CONNECT\",\"connectionId\":\"x\",\"connectedAt\":1},\"headers\":[]}",
                "{\"requestContext\":{\"eventType\":\"MESSAGE\",\"connectionId\":\"x\",\"connectedAt\":1}}",
                "{\"Records\":[]}"
            })
    void malformed_event_is_answered_400_without_writes(String event) {
        JsonNode response = Events.handle(new Handler(), event, context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(400);
        assertThat(store.read("site", LATER)).isEqualTo(VisitorCount.none("site"));
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[WARN] Rejected connection status=400 reason=invalid detail=\"not a $connect event: ");
    }

    @Test
    void log_contains_the_problem_but_no_visitor_data() {
        ObjectNode event = Events.load("connect");
        event.withObject("/requestContext").put("connectedAt", "secret");

        Events.handle(new Handler(), event.toString(), context);

        assertThat(context.log())
                .containsExactly("[WARN] Rejected connection status=400 reason=invalid detail=\"not a $connect event:"
                        + " requestContext.connectedAt is not a time in milliseconds since 1970\"");
    }

    @Test
    void admit_receives_the_request_and_decides() {
        List<Arrival> seen = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                seen.add(arrival);
                return ConnectDecision.reject(429);
            }
        };

        JsonNode response = Events.handle(handler, Events.load("connect").toString(), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(429);
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
        assertThat(seen).singleElement().satisfies(arrival -> {
            assertThat(arrival.request().header("origin")).isEqualTo("https://www.example.org");
            assertThat(arrival.request().query()).containsEntry("visit", "v-1");
            assertThat(arrival.request().sourceIp()).isEqualTo("10.0.0.13");
            assertThat(arrival.connection().counterId()).isEqualTo("home");
        });
    }

    @Test
    void failing_admit_rejects_with_500_without_writes() {
        Handler handler = new Handler() {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                throw new IllegalStateException("on purpose");
            }
        };

        JsonNode response = Events.handle(handler, Events.load("connect").toString(), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(500);
        assertThat(response.toString()).doesNotContain("on purpose");
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[ERROR] Rejected connection status=500 reason=failed ")
                .contains("on purpose");
    }

    @Test
    void failing_on_connected_does_not_reject() {
        Handler handler = new Handler() {
            @Override
            protected void onConnected(Arrival arrival) {
                throw new IllegalStateException("on purpose");
            }
        };

        JsonNode response = Events.handle(handler, Events.load("connect").toString(), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(200);
        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(context.log()).singleElement().asString().contains("on purpose");
    }

    @Test
    void accepted_subprotocol_is_echoed() {
        Handler handler = new Handler() {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                return ConnectDecision.accept("counter.v1");
            }
        };

        JsonNode response = Events.handle(handler, Events.load("connect").toString(), context);

        assertThat(response.at("/headers/Sec-WebSocket-Protocol").textValue()).isEqualTo("counter.v1");
    }

    @Test
    void unavailable_store_rejects_with_503() {
        CounterStore down = (CounterStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CounterStore.class}, (proxy, method, arguments) -> {
                    throw new ServiceUnavailableException("down", null);
                });

        JsonNode response = Events.handle(
                new ConnectHandler(config, ports(down)) {},
                Events.load("connect").toString(),
                context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(503);
        assertThat(response.toString()).doesNotContain("down");
    }

    @Test
    void store_deadline_is_half_the_handshake_grace() {
        List<Instant> deadlines = new ArrayList<>();
        CounterStore watch = (CounterStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CounterStore.class}, (proxy, method, arguments) -> {
                    deadlines.add(((Deadline) arguments[1]).at());
                    return null;
                });
        ManualTimeSource time = new ManualTimeSource();
        ObjectNode event = Events.load("connect");
        event.withObject("/requestContext").put("connectedAt", time.now().toEpochMilli());

        VisitorCounterConfig tenSeconds = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.HANDSHAKE_GRACE, Duration.ofSeconds(10))
                .build();

        Events.handle(new ConnectHandler(tenSeconds, TestPorts.of(watch, time).ports()), event.toString(), context);
        event.withObject("/requestContext")
                .put("connectedAt", time.now().plusSeconds(60).toEpochMilli());
        Events.handle(new ConnectHandler(tenSeconds, TestPorts.of(watch, time).ports()), event.toString(), context);

        assertThat(deadlines)
                .containsExactly(time.now().plusSeconds(5), time.now().plusMillis(9_500));
    }

    @ParameterizedTest
    @CsvSource({"399", "500", "200", "0"})
    void reject_accepts_only_client_error_statuses(int status) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ConnectDecision.reject(status)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 400 to 499");
    }

    @Test
    void lambdas_own_serializer_understands_the_response() {
        JsonNode response = Events.handle(new Handler(), Events.load("connect").toString(), context);

        APIGatewayV2WebSocketResponse parsed = LambdaEventSerializers.serializerFor(
                        APIGatewayV2WebSocketResponse.class, getClass().getClassLoader())
                .fromJson(response.toString());

        assertThat(parsed.getStatusCode()).isEqualTo(200);
    }

    private static Ports ports(CounterStore counters) {
        return TestPorts.of(counters, TimeSource.system()).ports();
    }

    private class Handler extends ConnectHandler {
        Handler() {
            super(config, ports(store));
        }
    }
}
