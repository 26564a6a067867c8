package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The page under API Gateway's limits, shortened to seconds, and with rejected handshakes. */
@Tag("slow")
class ConnectionLimitsIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final WebSocketApi SHORT_LIVED = WebSocketApi.builder()
            .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy(CounterStack.CONNECT))
            .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy(CounterStack.DISCONNECT))
            .routeWithResponse("ping", new RouteTarget.Mock("{\"type\":\"pong\"}"))
            .idleTimeout(Duration.ofSeconds(2))
            .maximumDuration(Duration.ofSeconds(4))
            .build();

    /** Follow-ups, for which the test waits, end with it. */
    private static final Map<String, String> SHORT_GRACE = Map.of(Setting.HANDSHAKE_GRACE.variable(), "5");

    private final Chromium chromium = BROWSING.chromium();

    @AfterEach
    void closeTabs() {
        chromium.closeTabs();
    }

    @Test
    void pings_and_rotation_avoid_the_limits() throws Exception {
        try (TestSite site = TestSite.start(SHORT_GRACE, stack -> stack.webSocketApi(SHORT_LIVED))) {
            warmUp(site);
            Tab tab = chromium.open(site.page("page.html"));

            // One after the other: each connect and disconnect is sent to the other connections, which are then not
            // idle.
            connect(tab, site, "{ retryBaseMs: 10 }");
            tab.await("connections[0].states.join().startsWith('live,reconnecting,live')");
            assertThat(tab.value("connections[0].sockets()[0].code")).as("idle").isEqualTo(1001L);
            closeConnection(tab, 0, site);

            connect(tab, site, "{ retryBaseMs: 10, pingAfterMs: 300 }");
            tab.await("connections[1].states.join().startsWith('live,reconnecting,live')");
            assertThat(tab.value("connections[1].sockets()[0].code"))
                    .as("lived too long")
                    .isEqualTo(1001L);
            assertThat(tab.number("connections[1].sockets().slice(0, 1).map(each => each.closedAt - each.openedAt)[0]"))
                    .as("lived past the idle timeout, by its pings, milliseconds")
                    .isGreaterThan(3_200);
            closeConnection(tab, 1, site);

            connect(tab, site, "{ pingAfterMs: 300, rotateAfterMs: 700, rotateSpreadMs: 300 }");
            tab.await("connections[2].sockets().length >= 6");
            assertThat(tab.value("connections[2].states")).as("no flicker").isEqualTo(List.of("live"));
            assertThat(tab.value("connections[2].sockets().slice(0, 4).map(({ code }) => code)"))
                    .as("closed by the page")
                    .isEqualTo(List.of(1000L, 1000L, 1000L, 1000L));
            tab.run("for (const { counter } of connections) counter.close()");
            site.awaitOpenConnections(0);
        }
    }

    @Test
    void a_rejected_handshake_is_retried_and_logged_once() {
        TestSite site = BROWSING.site();
        long rejectedBefore = site.stack().stats().connections().rejected();
        Tab tab = chromium.open(site.page("page.html"));
        tab.await("window.connect !== undefined");

        tab.run(
                "connect(arguments[0] + '?counter=unknown', { retryBaseMs: 10, retryCapMs: 20 })",
                site.websocket().toString());
        tab.await("spy.sockets.length >= 9");

        assertThat(tab.value("connections[0].states")).isEqualTo(List.of("reconnecting"));
        assertThat((List<?>) tab.value("spy.warnings"))
                .singleElement()
                .asString()
                .contains("rejected 6 connections in a row");
        assertThat(site.stack().stats().connections().rejected()).isGreaterThanOrEqualTo(rejectedBefore + 8);
        tab.run("connections[0].counter.close()");
    }

    /** The first handshake waits for a cold function, on a busy machine longer than the idle timeout. */
    private static void warmUp(TestSite site) throws Exception {
        Visitor.connect(HttpClient.newHttpClient(), site.stack(), 1).get(0).disconnect();
        site.awaitOpenConnections(0);
        site.stack().streamsDrained().get(30, TimeUnit.SECONDS);
    }

    private static void closeConnection(Tab tab, int connection, TestSite site) {
        tab.run("connections[arguments[0]].counter.close()", connection);
        site.awaitOpenConnections(0);
        site.stack().streamsDrained().join();
    }

    private static void connect(Tab tab, TestSite site, String timing) {
        tab.await("window.connect !== undefined");
        tab.run("connect(arguments[0], " + timing + ")", site.websocket().toString());
    }
}
