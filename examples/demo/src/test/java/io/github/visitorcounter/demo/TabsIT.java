package io.github.visitorcounter.demo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What visitors do with tabs, in a real browser: open, close, kill, reload, hide, leave and come back. */
class TabsIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private final Chromium chromium = BROWSING.chromium();
    private final TestSite site = BROWSING.site();

    /** How many had come before the test. */
    private long before;

    @BeforeEach
    void countThoseBefore() {
        before = site.visits();
    }

    @AfterEach
    void leave() {
        chromium.closeTabs();
        site.awaitOpenConnections(0);
    }

    @Test
    void three_tabs_see_each_other_come_one_close_and_one_be_killed() throws IOException {
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
    void a_crashed_page_leaves() {
        Tab first = chromium.open(site.page("/"));
        Tab second = chromium.open(site.page("/"));
        first.awaitShown(2, before + 2);

        second.crash();

        first.awaitShown(1, before + 2);
    }

    @Test
    void a_reload_is_another_visit_of_one_visitor() {
        Tab tab = chromium.open(site.page("/"));
        tab.awaitShown(1, before + 1);

        tab.reload();

        tab.awaitShown(1, before + 2);
    }

    @Test
    void a_hidden_tab_lets_go_after_five_minutes_runs_no_timer_and_returns_as_the_same_visit_when_it_is_seen() {
        Tab watcher = chromium.open(site.page("page.html?watcher"));
        Tab tab = chromium.open(site.page("page.html?hidden"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);
        tab.run("spy.hurry = 60");
        // Something to announce is pending when the tab is hidden.
        tab.run("document.querySelector('visitor-counter').setAttribute('live-other', '{n} here');"
                + "document.querySelector('visitor-counter').setAttribute('live-one', '{n} here')");
        tab.await("spy.timers.size === 2");

        long version = tab.number("document.querySelector('visitor-counter').count.version");

        watcher.show();
        site.awaitOpenConnections(0);

        assertThat(reportOf("?hidden", watcher))
                .containsEntry("hidden", true)
                .containsEntry("state", "reconnecting")
                .containsEntry("timers", 0L);

        tab.show();
        tab.await("document.querySelector('visitor-counter').count.version > " + version + " + 1");
        tab.awaitShown(1, before + 1);
        tab.await("document.querySelector('visitor-counter').state === 'live'");
    }

    @Test
    void a_page_that_was_left_is_kept_in_the_back_forward_cache_and_connects_again() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);

        long version = tab.number("document.querySelector('visitor-counter').count.version");
        tab.leaveFor("away.html");
        site.awaitOpenConnections(0);
        tab.back();

        tab.await("spy.pageshows.length === 2");
        assertThat(tab.value("spy.pageshows")).isEqualTo(List.of(false, true));
        // Chromium would keep the page anyway and close its socket; other browsers do not.
        assertThat(tab.value("spy.sockets[0].closedDuring")).isEqualTo("pagehide");
        tab.await("document.querySelector('visitor-counter').count.version > " + version + " + 1");
        tab.awaitShown(1, before + 1);
    }

    /** Asks a hidden page from a visible one. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> reportOf(String hiddenPage, Tab visible) {
        return (Map<String, Object>) visible.runAsync(
                "const [page, done] = arguments; const channel = new BroadcastChannel('spy');"
                        + "channel.onmessage = ({ data }) => { channel.close(); done(data) }; channel.postMessage(page);",
                hiddenPage);
    }
}
