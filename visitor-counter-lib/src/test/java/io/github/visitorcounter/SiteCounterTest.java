package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.Departure;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
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

/** The handlers with a site counter, and with pages that only watch. */
class SiteCounterTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);

    private final InMemoryStore store = new InMemoryStore(TimeSource.system(), 100).withSite("site");
    private final TestContext context = new TestContext();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Departure> departures = new ArrayList<>();
    private final List<String> requested = new ArrayList<>();

    @Test
    void connect_is_counted_in_the_counter_and_in_the_site() {
        assertThat(connect(site(), "a=", "home", null)).isEqualTo(200);

        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(store.read("site", LATER).live()).isEqualTo(1);
        assertThat(store.find("a=", LATER).siteCounter()).isEqualTo("site");
        assertThat(arrivals).singleElement().satisfies(arrival -> assertThat(
                        arrival.connection().countedIn())
                .containsExactly("home", "site"));
    }

    @Test
    void site_counter_may_be_chosen_and_counts_once() {
        assertThat(connect(site(), "a=", "site", null)).isEqualTo(200);

        assertThat(store.read("site", LATER).live()).isEqualTo(1);
        assertThat(store.read("site", LATER).version()).isEqualTo(1);
        assertThat(store.find("a=", LATER).siteCounter()).isNull();
    }

    @Test
    void site_counter_is_allowed_and_named() {
        VisitorCounterConfig config = VisitorCounterConfig.builder()
                .set(Setting.SITE_COUNTER, "whole:site")
                .set(Setting.ALLOWED_COUNTERS, Set.of("whole:*"))
                .build();

        assertThat(config.get(Setting.ALLOWED_COUNTERS)).containsExactlyInAnyOrder("whole:*", "whole:site", "site");
    }

    @Test
    void disconnect_requests_the_broadcasts_of_both() {
        connect(site(), "a=", "home", null);

        disconnect("a=");
        disconnect("a=");

        assertThat(requested).containsExactly("home", "site");
        assertThat(store.read("site", LATER).live()).isZero();
        assertThat(departures).hasSize(1);
    }

    @Test
    void watcher_is_connected_and_not_counted() {
        assertThat(connect(watchers(), "w=", "home", "1")).isEqualTo(200);

        assertThat(store.find("w=", LATER).onlyWatches()).isTrue();
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
        assertThat(store.read("site", LATER)).isEqualTo(VisitorCount.none("site"));
        assertThat(arrivals).singleElement().satisfies(arrival -> {
            assertThat(arrival.request().onlyWatches()).isTrue();
            assertThat(arrival.connection().countedIn()).isEmpty();
        });

        disconnect("w=");

        assertThat(requested).isEmpty();
        assertThat(departures).singleElement().satisfies(departure -> assertThat(
                        departure.connection().onlyWatches())
                .isTrue());
        assertThat(store.find("w=", LATER)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", "true", "11"})
    void only_the_value_1_asks_to_watch(String value) {
        assertThat(connect(site(), "a=", "home", value)).isEqualTo(200);

        assertThat(store.read("home", LATER).live()).isEqualTo(1);
    }

    @Test
    void watchers_are_rejected_by_default() {
        assertThat(connect(site(), "w=", "home", "1")).isEqualTo(403);

        assertThat(store.find("w=", LATER)).isNull();
        assertThat(context.log())
                .containsExactly("[INFO] Rejected connection status=403 reason=watcher detail=\"it asks to watch, see"
                        + " VISITOR_COUNTER_WATCHERS\"");
    }

    /** The limit bounds the audience of a counter; it could not bound watchers, which are not counted. */
    @Test
    void counter_with_a_limit_has_no_watchers() {
        VisitorCounterConfig.Builder limited = watchers().set(Setting.MAX_LIVE, 1);

        assertThat(connect(limited, "w=", "home", "1")).isEqualTo(403);
        assertThat(context.log()).singleElement().asString().contains("reason=watcher", "VISITOR_COUNTER_MAX_LIVE");
        assertThat(connect(limited, "x=", "site", "1")).isEqualTo(200);
        assertThat(store.find("w=", LATER)).isNull();
    }

    @Test
    void watchers_pass_the_same_checks() {
        assertThat(connect(watchers(), "w=", "elsewhere", "1")).isEqualTo(403);
        assertThat(connect(watchers().set(Setting.ALLOWED_ORIGINS, Set.of("https://other.example")), "w=", "home", "1"))
                .isEqualTo(403);
        assertThat(connect(watchers().set(Setting.CONNECTS_PER_IP, 1), "w=", "home", "1"))
                .isEqualTo(200);
        VisitorCounterConfig config = watchers().build();
        ConnectHandler handler = new ConnectHandler(config, ports()) {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                return arrival.connection().onlyWatches() ? ConnectDecision.reject(401) : ConnectDecision.accept();
            }
        };
        assertThat(status(handler, event("x=", "home", "1"))).isEqualTo(401);
    }

    /** A watcher creates no counter, so strangers cannot use up the limit of new counters by watching. */
    @Test
    void watchers_do_not_count_as_new_counters() {
        VisitorCounterConfig.Builder wildcard = watchers().set(Setting.ALLOWED_COUNTERS, Set.of("h*"));
        NewCounterLimiter none = (counterId, limit, at) -> false;
        Ports ports = TestPorts.of(store, TimeSource.system())
                .withNewCounterLimiter(none)
                .ports();
        ConnectHandler handler = new ConnectHandler(wildcard.build(), ports) {};

        assertThat(status(handler, event("w=", "home", "1"))).isEqualTo(200);
        assertThat(status(handler, event("a=", "home", null))).isEqualTo(429);
    }

    @Test
    void page_may_ask_for_the_count_of_its_counter_and_of_the_site() {
        connect(site(), "a=", "home", null);
        connect(site(), "b=", "site", null);

        assertThat(ask("a=", "{\"action\":\"count\"}")).contains("\"counter\":\"home\",\"live\":1");
        assertThat(ask("a=", "{\"action\":\"count\",\"counter\":\"home\"}")).contains("\"counter\":\"home\"");
        assertThat(ask("a=", "{\"action\":\"count\",\"counter\":\"site\"}"))
                .contains("\"counter\":\"site\",\"live\":2");
        assertThat(ask("b=", "{\"action\":\"count\"}")).contains("\"counter\":\"site\"");
        context.log().clear();
        assertThat(ask("b=", "{\"action\":\"count\",\"counter\":\"home\"}"))
                .contains("\"type\":\"error\"")
                .doesNotContain("home");
        assertThat(context.log()).singleElement().asString().contains("reason=counter");
    }

    @Test
    void watcher_may_ask_for_the_count() {
        connect(site(), "a=", "home", null);
        connect(watchers(), "w=", "home", "1");

        assertThat(ask("w=", "{\"action\":\"count\"}")).contains("\"live\":1,\"total\":1");
        assertThat(ask("w=", "{\"action\":\"count\",\"counter\":\"site\"}")).contains("\"live\":1,\"total\":1");
    }

    private VisitorCounterConfig.Builder site() {
        return VisitorCounterConfig.builder()
                .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
                .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
                .set(Setting.SITE_COUNTER, "site");
    }

    private VisitorCounterConfig.Builder watchers() {
        return site().set(Setting.WATCHERS, true);
    }

    private int connect(VisitorCounterConfig.Builder config, String connectionId, String counterId, String watch) {
        ConnectHandler handler = new ConnectHandler(config.build(), ports()) {
            @Override
            protected void onConnected(Arrival arrival) {
                arrivals.add(arrival);
            }
        };
        return status(handler, event(connectionId, counterId, watch));
    }

    private int status(ConnectHandler handler, ObjectNode event) {
        return Events.handle(handler, event.toString(), context)
                .get("statusCode")
                .intValue();
    }

    private static ObjectNode event(String connectionId, String counterId, String watch) {
        ObjectNode event = Events.load("connect");
        event.withObject("/requestContext").put("connectionId", connectionId);
        ObjectNode query = event.putObject("queryStringParameters").put("counter", counterId);
        if (watch != null) {
            query.put("watch", watch);
        }
        return event;
    }

    private void disconnect(String connectionId) {
        DisconnectHandler handler =
                new DisconnectHandler(
                        site().build(),
                        TestPorts.of(store, TimeSource.system())
                                .withRequester((counterId, deadline) -> requested.add(counterId))
                                .ports()) {
                    @Override
                    protected void onDisconnected(Departure departure) {
                        departures.add(departure);
                    }
                };
        Events.handle(handler, Events.disconnect(connectionId), context);
    }

    private String ask(String connectionId, String message) {
        JsonNode answer = Events.handle(
                new MessageHandler(site().build(), ports()) {}, Events.message(connectionId, message), context);
        return answer.path("body").asText();
    }

    private Ports ports() {
        return TestPorts.of(store, TimeSource.system()).ports();
    }
}
