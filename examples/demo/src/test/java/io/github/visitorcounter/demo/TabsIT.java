package io.github.visitorcounter.demo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Tabs in a real browser: opening, closing, killing, reloading, hiding, navigation and return. */
class TabsIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private final Chromium chromium = BROWSING.chromium();
    private final TestSite site = BROWSING.site();

    /** The total before the test. */
    private long before;

    @BeforeEach
    void countThoseBefore() {
        before = site.visits();
    }

    @AfterEach
    void closeTabs() {
        chromium.closeTabs();
        site.awaitOpenConnections(0);
    }

    @Test
    void opened_closed_and_killed_tabs_are_counted() throws IOException {
        Tab first = chromium.open(site.page("/"));
        first.awaitShown(1, before + 1);
        Tab second = chromium.open(site.page("/"));
        try (Chromium another = Chromium.start()) {
            Tab third = another.open(site.page("/"));
            for (Tab tab : List.of(first, second, third)) {
                tab.awaitShown(3, before + 3);
            }

            second.close();
            first.awaitShown(2, before + 3);
            third.awaitShown(2, before + 3);

            another.kill();
            first.awaitShown(1, before + 3);
        }
    }

    @Test
    void a_crashed_page_disconnects() {
        Tab first = chromium.open(site.page("/"));
        Tab second = chromium.open(site.page("/"));
        first.awaitShown(2, before + 2);

        second.crash();

        first.awaitShown(1, before + 2);
    }

    @Test
    void a_reload_is_another_visit_of_the_visitor() {
        Tab tab = chromium.open(site.page("/"));
        tab.awaitShown(1, before + 1);

        tab.reload();

        tab.awaitShown(1, before + 2);
    }

    @Test
    void a_hidden_tab_disconnects_and_resumes_its_visit() {
        Tab watcher = chromium.open(site.page("page.html?watcher"));
        Tab tab = chromium.open(site.page("page.html?hidden"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);
        tab.run("spy.hurry = 60");
        // A screen reader announcement is pending when the tab is hidden.
        tab.run("document.querySelector('visitor-counter').setAttribute('live-other', '{n} here');"
                + "document.querySelector('visitor-counter').setAttribute('live-one', '{n} here')");
        tab.await("spy.timers.size === 2");

        watcher.show();
        site.awaitOpenConnections(0);

        assertThat(reportOf("?hidden", watcher))
                .containsEntry("hidden", true)
                .containsEntry("state", "reconnecting")
                .containsEntry("timers", 0L);

        tab.show();
        // The numbers are as before, so the message has the version that all pages have been sent.
        tab.await("spy.sockets.length === 2 && spy.sockets[1].messages > 0");
        tab.awaitShown(1, before + 1);
        tab.await("document.querySelector('visitor-counter').state === 'live'");
    }

    @Test
    void a_page_in_the_back_forward_cache_reconnects() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);

        tab.navigateTo("away.html");
        site.awaitOpenConnections(0);
        tab.back();

        tab.await("spy.pageshows.length === 2");
        assertThat(tab.value("spy.pageshows")).isEqualTo(List.of(false, true));
        // Chromium would keep the page anyway and close its socket; other browsers do not.
        assertThat(tab.value("spy.sockets[0].closedDuring")).isEqualTo("pagehide");
        // The numbers are as before, so the message has the version that all pages have been sent.
        tab.await("spy.sockets.length === 2 && spy.sockets[1].messages > 0");
        tab.awaitShown(1, before + 1);
    }

    /** Queries a hidden page from a visible one. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> reportOf(String hiddenPage, Tab visible) {
        return (Map<String, Object>) visible.runAsync(
                "const [page, done] = arguments; const channel = new BroadcastChannel('spy');"
                        + "channel.onmessage = ({ data }) => { channel.close(); done(data) }; channel.postMessage(page);",
                hiddenPage);
    }
}
