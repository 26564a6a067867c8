package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.Departure;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DisconnectHandlerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final String ID = "L0SM9cOFvHcCIhw=";

    private final InMemoryStore store = new InMemoryStore(TimeSource.system(), 100);
    private final TestContext context = new TestContext();
    private final List<String> requested = new ArrayList<>();
    private final List<Departure> departures = new ArrayList<>();

    @BeforeEach
    void somebodyIsHere() {
        store.addConnection(Connection.opened(ID, "home", Instant.ofEpochMilli(1707503007396L)), LATER);
    }

    @Test
    void disconnect_is_counted_and_requests_a_broadcast() {
        JsonNode response = Events.handle(new Handler(this::request), Events.disconnect(ID), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(200);
        assertThat(store.read("home", LATER))
                .isEqualTo(new VisitorCount("home", 0, 1, 2, Instant.ofEpochMilli(1707503008941L)));
        assertThat(requested).containsExactly("home");
    }

    @Test
    void without_broadcast_function_no_request_is_made() {
        Events.handle(new Handler(null), Events.disconnect(ID), context);

        assertThat(store.read("home", LATER).live()).isZero();
        assertThat(requested).isEmpty();
    }

    @Test
    void hook_receives_close_code_and_reason() {
        Events.handle(new Handler(null), Events.disconnect(ID), context);

        assertThat(departures).singleElement().satisfies(departure -> {
            assertThat(departure.connection().counterId()).isEqualTo("home");
            assertThat(departure.disconnection().statusCode()).isEqualTo(1005);
            assertThat(departure.disconnection().reason()).isEqualTo("Client-side close frame status not set");
        });
    }

    @Test
    void duplicate_event_counts_and_requests_once() {
        Handler handler = new Handler(this::request);
        Events.handle(handler, Events.disconnect(ID), context);
        Events.handle(handler, Events.disconnect(ID), context);

        assertThat(store.read("home", LATER).version()).isEqualTo(2);
        assertThat(requested).containsExactly("home");
        assertThat(departures).hasSize(1);
    }

    @Test
    void unknown_connection_changes_nothing() {
        Events.handle(new Handler(this::request), Events.disconnect("R0oXAdfD0kwCH6w="), context);

        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(requested).isEmpty();
    }

    @Test
    void failing_hook_does_not_prevent_the_broadcast() {
        DisconnectHandler handler =
                new DisconnectHandler(VisitorCounterConfig.builder().build(), ports(this::request)) {
                    @Override
                    protected void onDisconnected(Departure departure) {
                        throw new IllegalStateException("on purpose");
                    }
                };

        Events.handle(handler, Events.disconnect(ID), context);

        assertThat(requested).containsExactly("home");
        assertThat(context.log()).singleElement().asString().contains("on purpose");
    }

    @Test
    void failing_broadcast_request_fails_the_function() {
        Handler handler = new Handler((counterId, deadline) -> {
            throw new ServiceUnavailableException("down", null);
        });

        assertThatThrownBy(() -> Events.handle(handler, Events.disconnect(ID), context))
                .isInstanceOf(ServiceUnavailableException.class);
        assertThat(store.read("home", LATER).live()).isZero();
    }

    @Test
    void event_of_another_route_is_answered_400() {
        JsonNode response = Events.handle(new Handler(this::request), Events.connect(ID, "home"), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(400);
        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(context.log()).singleElement().asString().contains("requestContext.eventType is not DISCONNECT");
    }

    private void request(String counterId, Deadline deadline) {
        requested.add(counterId);
    }

    private Ports ports(BroadcastRequester requester) {
        return TestPorts.of(store, TimeSource.system()).withRequester(requester).ports();
    }

    private class Handler extends DisconnectHandler {
        Handler(BroadcastRequester requester) {
            super(VisitorCounterConfig.builder().build(), ports(requester));
        }

        @Override
        protected void onDisconnected(Departure departure) {
            departures.add(departure);
        }
    }
}
