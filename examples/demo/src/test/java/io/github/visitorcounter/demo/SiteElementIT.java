package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.net.URI;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A page's element and the site's, in a browser, with a stack that has a site counter and watchers. */
@Tag("slow")
class SiteElementIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final Map<String, String> SETTINGS = Map.of(
            Setting.ALLOWED_COUNTERS.variable(),
            "page:*",
            Setting.SITE_COUNTER.variable(),
            "site",
            Setting.WATCHERS.variable(),
            "true");

    private final Chromium chromium = BROWSING.chromium();

    @AfterEach
    void closeTabs() {
        chromium.closeTabs();
    }

    @Test
    void both_elements_share_one_connection_and_a_watcher_is_not_counted() throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(DisconnectTrigger.BY_INVOCATION, SETTINGS).start()) {
            URI url = stack.endpoints().websocket();
            Tab prices = open(url, "page:/prices", "");
            awaitLive(prices, 1, 1);
            Tab news = open(url, "page:/news", "");
            awaitLive(news, 1, 2);
            Tab watcher = open(url, "page:/news", "watch");
            awaitLive(watcher, 1, 2);
            awaitLive(prices, 1, 2);

            for (Tab tab : new Tab[] {prices, news, watcher}) {
                assertThat(tab.number("spy.sockets.length")).isEqualTo(1);
                assertThat(tab.value("spy.errors")).isEqualTo(List.of());
            }
            assertThat(stack.stats().connections().open()).isEqualTo(3);

            news.run("document.querySelector('#page').remove()");
            awaitSockets(news, "site");
            awaitLive(watcher, 0, 2);
        }
    }

    /** The site's element comes first: the order in the document does not matter. */
    private Tab open(URI url, String counter, String attribute) {
        Tab tab = chromium.open(BROWSING.site().page("page.html"));
        tab.await("customElements.get('visitor-counter') !== undefined");
        tab.run(
                "const [url, counter, attribute] = arguments; document.querySelector('main').innerHTML ="
                        + "`<visitor-counter id='site' url='${url}' site ${attribute}></visitor-counter>"
                        + "<visitor-counter id='page' url='${url}' counter='${counter}' ${attribute}></visitor-counter>`",
                url.toString(),
                counter,
                attribute);
        return tab;
    }

    private static void awaitLive(Tab tab, long page, long site) {
        tab.await("document.querySelector('#page').count?.live === " + page
                + " && document.querySelector('#site').count?.live === " + site);
    }

    /** Waits until the page's last connection is open and to this counter. */
    private static void awaitSockets(Tab tab, String counter) {
        tab.await("spy.sockets.at(-1).openedAt !== null"
                + " && new URL(spy.sockets.at(-1).url).searchParams.get('counter') === '" + counter + "'");
    }
}
