package io.github.visitorcounter.demo;

import io.github.visitorcounter.localstack.gateway.RouteTarget;
import io.github.visitorcounter.localstack.gateway.WebSocketApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The page under API Gateway's limits, which a stack of its own shortens to seconds, and before a closed door. */
class ConnectionLimitsIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final WebSocketApi SHORT_LIVED = WebSocketApi.builder()
            .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy(CounterStack.CONNECT))
            .route(WebSocketApi.DISCONNECT, new RouteTarget.LambdaProxy(CounterStack.DISCONNECT))
            .routeWithResponse("ping", new RouteTarget.Mock("{\"type\":\"pong\"}"))
            .idleTimeout(Duration.ofMillis(1200))
            .maximumDuration(Duration.ofMillis(3000))
            .build();

    private final Chromium chromium = BROWSING.chromium();

    @AfterEach
    void leave() {
        chromium.closeTabs();
    }

    @Test
    void the_limits_cut_those_who_ignore_them_who_return_and_are_not_met_by_those_who_ping_and_rotate()
            throws IOException {
        try (TestSite site = TestSite.start(stack -> stack.webSocketApi(SHORT_LIVED))) {
            Tab tab = chromium.open(site.page("page.html"));

            // Alone, because every visitor's coming and going is told to the others, and so breaks their silence.
            connect(tab, site, "{ retryBaseMs: 10 }");
            tab.await("connections[0].states.join().startsWith('live,reconnecting,live')");
            assertThat(tab.value("connections[0].sockets()[0].code")).as("idle").isEqualTo(1001L);
            tab.run("connections[0].counter.close()");

            connect(tab, site, "{ retryBaseMs: 10, pingAfterMs: 300 }");
            connect(tab, site, "{ pingAfterMs: 300, rotateAfterMs: 700, rotateSpreadMs: 300 }");
            tab.await("connections[1].states.join().startsWith('live,reconnecting,live')");
            assertThat(tab.value("connections[1].sockets()[0].code"))
                    .as("lived too long")
                    .isEqualTo(1001L);
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
    void a_refused_handshake_is_tried_again_and_said_once() {
        TestSite site = BROWSING.site();
        long refusedBefore = site.stack().stats().connections().refused();
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
                .contains("refused 6 connections in a row");
        assertThat(site.stack().stats().connections().refused()).isGreaterThanOrEqualTo(refusedBefore + 8);
        tab.run("connections[0].counter.close()");
    }

    private static void connect(Tab tab, TestSite site, String timing) {
        tab.await("window.connect !== undefined");
        tab.run("connect(arguments[0], " + timing + ")", site.websocket().toString());
    }
}
