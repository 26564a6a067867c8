package io.github.visitorcounter.demo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The cumulative layout shift of a page when the number is first shown, as browsers report it. */
@Tag("slow")
class LayoutShiftIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final double MAXIMUM_SHIFT = 0.05;

    /** So that a page is painted before its scripts are loaded. */
    private static final int LATENCY_MILLIS = 150;

    private final Chromium chromium = BROWSING.chromium();
    private final TestSite site = BROWSING.site();

    @AfterEach
    void closeTabs() {
        chromium.emulate(1_200, 0);
        chromium.closeTabs();
        site.awaitOpenConnections(0);
    }

    @ParameterizedTest
    @CsvSource({
        "demo.html, 1200",
        "demo.html, 400",
        "index.html, 1200",
        "index.html, 400",
        "plain.html?inline, 1200",
        "plain.html?inline, 400",
        "plain.html?badge, 1200",
        "plain.html?badge, 400",
        "plain.html?large, 1200",
        "plain.html?large, 400"
    })
    void the_first_number_causes_no_layout_shift(String page, int width) {
        chromium.emulate(width, LATENCY_MILLIS);
        Tab tab = chromium.open(site.page(page));
        tab.await("document.querySelector('visitor-counter').count !== null");
        if (page.equals("demo.html")) {
            tab.await("document.querySelector('#messages-here').textContent !== '–'");
        }
        tab.awaitPainted();

        Number shift = (Number) tab.runAsync("const done = arguments[0]; let sum = 0;"
                + "new PerformanceObserver(list => { for (const { value } of list.getEntries()) sum += value })"
                + ".observe({ type: 'layout-shift', buffered: true });"
                + "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)))");

        assertThat(shift.doubleValue()).as("cumulative layout shift").isLessThanOrEqualTo(MAXIMUM_SHIFT);
    }
}
