package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.Departure;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.testing.Events;
import io.github.visitorcounter.testing.InMemoryStore;
import io.github.visitorcounter.testing.ManualTimeSource;
import io.github.visitorcounter.testing.TestContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Hooks may throw anything, also checked exceptions, which Kotlin and Lombok let out of any method, and be late. */
class ThrowingHooksTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);

    private final ManualTimeSource time = new ManualTimeSource();
    private final InMemoryStore store = new InMemoryStore(time, 100);
    private final TestContext context = new TestContext();
    private final VisitorCounterConfig config = VisitorCounterConfig.builder()
            .set(Setting.ALLOWED_ORIGINS, Set.of("*"))
            .set(Setting.ALLOWED_COUNTERS, Set.of("home"))
            .build();

    static Stream<Throwable> whatever() {
        return Stream.of(
                new IllegalStateException("on purpose"),
                new IOException("on purpose"),
                new NoClassDefFoundError("on/purpose"),
                new AssertionError("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("whatever")
    void after_connecting_the_visitor_is_connected(Throwable thrown) {
        ConnectHandler handler = new ConnectHandler(config, store, time) {
            @Override
            protected void onConnected(Arrival arrival) {
                ThrowingHooksTest.<RuntimeException>sneak(thrown);
            }
        };

        assertThat(connect(handler).get("statusCode").intValue()).isEqualTo(200);
        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(context.log()).singleElement().asString().contains("onConnected() failed", thrown.getMessage());
    }

    @ParameterizedTest
    @MethodSource("whatever")
    void while_admitting_the_visitor_is_rejected(Throwable thrown) {
        ConnectHandler handler = new ConnectHandler(config, store, time) {
            @Override
            protected ConnectDecision admit(Arrival arrival) {
                ThrowingHooksTest.<RuntimeException>sneak(thrown);
                return ConnectDecision.accept();
            }
        };

        assertThat(connect(handler).get("statusCode").intValue()).isEqualTo(500);
        assertThat(store.read("home", LATER)).isEqualTo(VisitorCount.none("home"));
    }

    @ParameterizedTest
    @MethodSource("whatever")
    void after_disconnecting_the_disconnect_is_announced(Throwable thrown) {
        store.addConnection(Connection.opened("U_vNFdo2IAMCIoA=", "home", time.now()), LATER);
        List<String> announced = new ArrayList<>();
        DisconnectHandler handler = new DisconnectHandler(store, (counterId, deadline) -> announced.add(counterId)) {
            @Override
            protected void onDisconnected(Departure departure) {
                ThrowingHooksTest.<RuntimeException>sneak(thrown);
            }
        };

        Events.handle(handler, Events.disconnect("U_vNFdo2IAMCIoA="), context);

        assertThat(announced).containsExactly("home");
    }

    @ParameterizedTest
    @MethodSource("whatever")
    void for_a_message_the_page_is_sent_an_error(Throwable thrown) {
        MessageHandler handler = new MessageHandler(config, store, store) {
            @Override
            protected String onMessage(ClientMessage message) {
                ThrowingHooksTest.<RuntimeException>sneak(thrown);
                return "";
            }
        };

        JsonNode response =
                Events.handle(handler, Events.message("U_vNFdo2IAMCIoA=", "{\"action\":\"chat\"}"), context);

        assertThat(response.get("statusCode").intValue()).isEqualTo(200);
        assertThat(response.get("body").textValue()).contains("error").doesNotContain("purpose");
    }

    /** After these nothing is certain: Lambda should replace the instance. */
    @Test
    void errors_of_the_virtual_machine_end_the_invocation() {
        ConnectHandler handler = new ConnectHandler(config, store, time) {
            @Override
            protected void onConnected(Arrival arrival) {
                throw new OutOfMemoryError("on purpose");
            }
        };

        assertThatThrownBy(() -> connect(handler)).isInstanceOf(OutOfMemoryError.class);
    }

    /** Meanwhile a broadcast may have removed the connection: its posts were answered with 410. */
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
        return new ConnectHandler(config, store, time) {
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
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
