package io.github.visitorcounter.demo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Outages of the network and the server. */
@Tag("slow")
class OutageIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final int HERD = 50;
    private static final int CEILING_MILLIS = 2_000;

    private final Chromium chromium = BROWSING.chromium();

    @AfterEach
    void closeTabs() {
        chromium.closeTabs();
    }

    @Test
    void a_page_reconnects_at_once_when_the_network_returns() throws IOException {
        TestSite site = BROWSING.site();
        try (Cable cable = Cable.to(site.websocket().getPort())) {
            Tab tab = chromium.open(site.page("page.html"));
            tab.await("window.connect !== undefined");
            // Short retry delays would hide whether the network's return causes the reconnect.
            tab.run(
                    "connect(arguments[0], { pingAnswerMs: 200, retryBaseMs: 600000, retryCapMs: 600000 })",
                    cable.address(site.websocket()).toString());
            tab.await("connections[0].counter.count?.live === 1");

            cable.cut();
            setNetwork(tab, false);
            tab.await("connections[0].counter.state === 'offline'");
            assertThat(tab.number("connections[0].counter.count.live")).isEqualTo(1);

            cable.mend();
            setNetwork(tab, true);
            tab.await("connections[0].counter.state === 'live'");
            assertThat(tab.value("connections[0].states")).isEqualTo(List.of("live", "checking", "offline", "live"));
            tab.await("connections[0].counter.count.version > connections[0].counts[0].version");
            assertThat(tab.value("connections[0].counter.count.total === connections[0].counts[0].total"))
                    .as("the same visit")
                    .isEqualTo(true);
        }
        chromium.closeTabs();
        site.awaitOpenConnections(0);
    }

    @Test
    void reconnects_after_a_restart_are_spread_out() throws IOException {
        TestSite site = BROWSING.site();
        Tab tab = chromium.open(site.page("page.html"));
        tab.await("window.connect !== undefined");
        tab.run("spy.draw(1)");
        tab.run(
                "connect(arguments[0], { retryBaseMs: arguments[1], retryCapMs: arguments[1] }, arguments[2])",
                site.websocket().toString(),
                CEILING_MILLIS,
                HERD);
        tab.await("connections.every(({ counter }) => counter.count?.live === " + HERD + ")");

        double lostAt = ((Number) tab.value("performance.now()")).doubleValue();
        site.stop();
        tab.await("spy.sockets.length >= 2 * " + HERD);
        site.startAgain();
        tab.await("connections.every(({ counter }) => counter.state === 'live')");
        // The new database is empty, so the numbers are lower. The element's unit tests check that a page accepts them.
        site.awaitOpenConnections(HERD);

        assertSpreadOut(attemptsAfter(lostAt, tab));
        chromium.closeTabs();
        site.awaitOpenConnections(0);
    }

    /** The first attempt of each connection, in milliseconds since the first of all. */
    private static List<Double> attemptsAfter(double lostAt, Tab tab) {
        List<?> first = (List<?>) tab.run(
                "const first = new Map(); for (const { url, at } of spy.sockets)"
                        + " if (at > arguments[0] && !first.has(url)) first.set(url, at); return [...first.values()];",
                lostAt);
        List<Double> attempts =
                first.stream().map(at -> ((Number) at).doubleValue()).toList();
        return attempts.stream().map(at -> at - attempts.get(0)).toList();
    }

    /** The first retries are spread over the whole interval: each quarter has about a fourth of them. */
    private static void assertSpreadOut(List<Double> attempts) {
        int quarter = CEILING_MILLIS / 4;
        List<Long> perQuarter = IntStream.range(0, 4)
                .mapToObj(index -> attempts.stream()
                        .filter(at -> at >= index * quarter && at < (index + 1) * quarter)
                        .count())
                .toList();
        assertThat(attempts).hasSize(HERD);
        assertThat(perQuarter).as("first attempts, " + attempts).allSatisfy(number -> assertThat(number)
                .isBetween(4L, 24L));
        System.out.println("A herd of " + HERD + " returned, attempts in each " + quarter + " ms: " + perQuarter);
    }

    private void setNetwork(Tab tab, boolean there) {
        tab.show();
        chromium.devTools("Network.enable", Map.of());
        chromium.devTools(
                "Network.emulateNetworkConditions",
                Map.of("offline", !there, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }
}
