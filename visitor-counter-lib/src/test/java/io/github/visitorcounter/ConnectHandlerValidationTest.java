package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.internal.connection.ConnectRequestValidator;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.testing.InMemoryIpRateLimiter;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests rejections: nothing is written, and the log has one line without personal data. */
class ConnectHandlerValidationTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);

    private final InMemoryStore store = new InMemoryStore(TimeSource.system(), 100);
    private final InMemoryIpRateLimiter addresses = new InMemoryIpRateLimiter();
    private final TestContext context = new TestContext();

    @Test
    void allowed_origin_is_accepted() {
        assertThat(status(connect(), from("https://www.example.org", "https://*.example.net")))
                .isEqualTo(200);
        ObjectNode subdomain = event("b=");
        subdomain.withObject("/headers").put("Origin", "https://shop.example.net");
        assertThat(status(subdomain, from("https://www.example.org", "https://*.example.net")))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://www.example.com",
                "http://www.example.org",
                "https://www.example.org.evil.example",
                "https://example.org",
                "null",
                ""
            })
    void other_origin_is_rejected_with_403(String origin) {
        ObjectNode event = connect();
        event.withObject("/headers").put("Origin", origin);

        assertThat(status(event, from("https://www.example.org"))).isEqualTo(403);

        assertRejected(
                "[INFO] Rejected connection status=403 reason=origin detail=\"its origin is not among VISITOR_COUNTER_ALLOWED_ORIGINS\"");
    }

    @Test
    void missing_origin_is_rejected_unless_any_is_allowed() {
        ObjectNode event = connect();
        event.withObject("/headers").remove("Origin");

        assertThat(status(event, from("https://www.example.org"))).isEqualTo(403);
        assertRejected(
                "[INFO] Rejected connection status=403 reason=origin detail=\"its origin is not among VISITOR_COUNTER_ALLOWED_ORIGINS\"");
        assertThat(status(event, from("*"))).isEqualTo(200);
    }

    @Test
    void handler_requires_allowed_origins() {
        VisitorCounterConfig undecided = VisitorCounterConfig.builder().build();

        assertThatThrownBy(() -> new Handler(undecided))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("VISITOR_COUNTER_ALLOWED_ORIGINS is not set")
                .hasMessageContaining("*");
    }

    @Test
    void too_long_query_is_rejected_with_400() {
        ObjectNode event = connect();
        event.withObject("/queryStringParameters").put("secret", "x".repeat(ConnectRequestValidator.MAX_QUERY_LENGTH));

        assertThat(status(event, from("*"))).isEqualTo(400);

        assertRejected(
                "[INFO] Rejected connection status=400 reason=invalid detail=\"its query has more than 2048 characters\"");
    }

    @Test
    void too_long_headers_are_rejected_with_400() {
        ObjectNode event = connect();
        event.withObject("/headers").put("Cookie", "x".repeat(ConnectRequestValidator.MAX_HEADERS_LENGTH));

        assertThat(status(event, from("*"))).isEqualTo(400);

        assertRejected(
                "[INFO] Rejected connection status=400 reason=invalid detail=\"its headers have more than 16384 characters\"");
    }

    @Test
    void address_above_the_limit_is_rejected_with_429() {
        Handler handler = new Handler(limited(2));
        assertThat(status(event("a="), handler)).isEqualTo(200);
        assertThat(status(event("b="), handler)).isEqualTo(200);
        context.log().clear();

        assertThat(status(event("c="), handler)).isEqualTo(429);

        assertThat(store.read("home", LATER).total()).isEqualTo(2);
        assertThat(store.find("c=", LATER)).isNull();
        assertThat(context.log())
                .containsExactly(
                        "[INFO] Rejected connection status=429 reason=address detail=\"its address has opened too many, see"
                                + " VISITOR_COUNTER_CONNECTS_PER_IP_PER_10_MINUTES\"");
        ObjectNode elsewhere = event("d=");
        elsewhere.withObject("/requestContext/identity").put("sourceIp", "10.0.0.14");
        assertThat(status(elsewhere, handler)).isEqualTo(200);
    }

    @Test
    void full_counter_rejects_with_429() {
        ConnectHandler handler = new ConnectHandler(config("*"), ports(store.limitedTo(1), addresses)) {};
        assertThat(status(event("a="), handler)).isEqualTo(200);

        assertThat(status(event("b="), handler)).isEqualTo(429);

        assertThat(store.read("home", LATER).total()).isEqualTo(1);
        assertThat(context.log())
                .containsExactly(
                        "[INFO] Rejected connection status=429 reason=full detail=\"its counter is full, see VISITOR_COUNTER_MAX_LIVE\"");
    }

    @Test
    void addresses_are_not_counted_without_a_limit() {
        assertThat(status(connect(), from("*"))).isEqualTo(200);

        assertThat(addresses.isEmpty()).isTrue();
    }

    @Test
    void other_rejections_do_not_count_for_the_address() {
        VisitorCounterConfig strict = VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_ORIGINS, Set.of("https://www.example.com"))
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.CONNECTS_PER_IP, 1)
                .build();
        status(connect(), new Handler(strict));
        status(connect(), new Handler(limited(1)) {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                return ConnectDecision.reject(403);
            }
        });

        assertThat(addresses.isEmpty()).isTrue();
    }

    @Test
    void failing_ip_rate_limiter_is_logged_and_accepts() {
        IpRateLimiter down = (address, limit, at) -> {
            throw new ServiceUnavailableException("on purpose", null);
        };

        assertThat(status(connect(), new ConnectHandler(limited(1), ports(store, down)) {}))
                .isEqualTo(200);

        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(context.log())
                .singleElement()
                .asString()
                .startsWith("[WARN] Address not counted ")
                .contains("on purpose");
    }

    @Test
    void admit_runs_after_the_checks_and_is_logged() {
        List<Arrival> seen = new ArrayList<>();
        Handler handler = new Handler(config("https://www.example.org")) {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                seen.add(arrival);
                return ConnectDecision.reject(401);
            }
        };
        ObjectNode stranger = connect();
        stranger.withObject("/headers").put("Origin", "https://www.example.com");
        status(stranger, handler);
        assertThat(seen).isEmpty();
        context.log().clear();

        assertThat(status(connect(), handler)).isEqualTo(401);

        assertThat(seen).hasSize(1);
        assertRejected("[INFO] Rejected connection status=401 reason=application detail=\"admit() decided so\"");
    }

    private void assertRejected(String line) {
        assertThat(context.log()).containsExactly(line);
        assertThat(store.read("home", LATER).version()).isZero();
        assertThat(store.find("L0SM9cOFvHcCIhw=", LATER)).isNull();
        assertThat(addresses.isEmpty()).isTrue();
    }

    private static Ports ports(CounterStore counters, IpRateLimiter limiter) {
        return TestPorts.of(counters, TimeSource.system())
                .withIpRateLimiter(limiter)
                .ports();
    }

    private Handler from(String... origins) {
        return new Handler(config(origins));
    }

    private static VisitorCounterConfig config(String... origins) {
        return VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.ALLOWED_ORIGINS, Set.of(origins))
                .build();
    }

    private static VisitorCounterConfig limited(int arrivals) {
        return VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.CONNECTS_PER_IP, arrivals)
                .build();
    }

    private int status(ObjectNode event, ConnectHandler handler) {
        JsonNode response = Events.handle(handler, event.toString(), context);
        return response.get("statusCode").intValue();
    }

    private static ObjectNode connect() {
        return Events.load("connect");
    }

    private static ObjectNode event(String connectionId) {
        ObjectNode event = connect();
        event.withObject("/requestContext").put("connectionId", connectionId);
        event.withObject("/queryStringParameters").put("visit", "v-" + connectionId.charAt(0));
        return event;
    }

    private class Handler extends ConnectHandler {
        Handler(VisitorCounterConfig config) {
            super(config, ports(store, addresses));
        }
    }
}
