package io.github.visitorcounter.demo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Draws the images of the READMEs with {@code mvn verify -Dscreenshots=true}. */
@EnabledIfSystemProperty(
        named = "screenshots",
        matches = "true",
        disabledReason = "Skipped: images are drawn with -Dscreenshots=true only")
class ScreenshotsIT {

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final String POINTS = "document.querySelector('#visitors-line').getAttribute('d').split('L').length";
    private static final Path IMAGES = Path.of("../../docs/images");

    private final Chromium chromium = BROWSING.chromium();
    private final TestSite site = BROWSING.site();

    @AfterEach
    void closeTabs() {
        chromium.closeTabs();
        chromium.preferColours("light");
        chromium.emulate(1_200, 0);
        site.awaitOpenConnections(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void each_look(String colours) throws IOException {
        chromium.preferColours(colours);
        Tab tab = chromium.open(site.page("looks.html"));
        tab.await(
                "[...document.querySelectorAll('visitor-counter-example')].every(each => each.shadowRoot?.querySelector('.number').textContent)");
        for (String look : new String[] {"inline", "badge", "large"}) {
            write("look-" + look + "-" + colours + ".png", tab.picture("document.getElementById('" + look + "')", 2));
        }
    }

    @ParameterizedTest
    @CsvSource({"1200, light", "1200, dark", "400, light", "400, dark"})
    void the_demo_with_a_few_visitors(int width, String colours) throws IOException {
        chromium.preferColours(colours);
        chromium.emulate(width, 0);
        Tab tab = chromium.open(site.page("/"));
        tab.await("document.querySelector('visitor-counter').count.live === 1");
        for (int visitors : new int[] {1, 1, 10, 10}) {
            long live = tab.number("document.querySelector('visitor-counter').count.live");
            tab.run("document.querySelector(`[data-add=\"${arguments[0]}\"]`).click()", visitors);
            tab.await("document.querySelector('visitor-counter').count.live === " + (live + visitors));
            // The stack's figures are read every second; the chart needs several readings.
            long points = tab.number(POINTS);
            tab.await(POINTS + " >= " + (points + 4));
        }
        tab.await("document.querySelector('#cost-original').textContent !== '–'");
        tab.run(
                "for (const section of document.querySelectorAll('main > section:nth-of-type(n+4)')) section.hidden = true");
        tab.awaitPainted();
        write("demo-" + width + "-" + colours + ".png", tab.picture("document.body", width > 400 ? 1.5 : 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void every_look_in_every_state(String colours) throws IOException {
        chromium.preferColours(colours);
        Tab tab = chromium.open(site.page("/"));
        tab.await("document.querySelector('#gallery visitor-counter-example')?.state === 'connecting'");
        tab.run(
                "for (const other of document.querySelectorAll('header, main > section:not(:has(#gallery))')) other.hidden = true");
        write("states-" + colours + ".png", tab.picture("document.body", 1.5));
    }

    @Test
    void two_windows() throws IOException {
        Tab tab = chromium.open(site.page("two-tabs.html"));
        AnimatedGif picture = new AnimatedGif();
        hide(tab, 1, true);
        open(tab, 0);
        awaitLive(tab, 0, 1);
        add(picture, tab, 2);
        hide(tab, 1, false);
        add(picture, tab, 1);
        open(tab, 1);
        awaitLive(tab, 0, 2);
        awaitLive(tab, 1, 2);
        add(picture, tab, 3);
        tab.run("frames[1].location.replace('about:blank')");
        hide(tab, 1, true);
        awaitLive(tab, 0, 1);
        add(picture, tab, 2);
        write("two-tabs.gif", picture.bytes());
    }

    private static void open(Tab tab, int window) {
        tab.run("frames[arguments[0]].location.replace('two-tabs-page.html')", window);
    }

    private static void hide(Tab tab, int window, boolean hidden) {
        tab.run(
                "document.querySelectorAll('.window')[arguments[0]].classList.toggle('closed', arguments[1])",
                window,
                hidden);
    }

    private static void awaitLive(Tab tab, int window, int live) {
        String counter = "frames[" + window + "].document.querySelector('visitor-counter')";
        tab.await(counter + ".count?.live === " + live + " && " + counter
                + ".shadowRoot.getAnimations().every(each => each.playState === 'finished')");
    }

    private static void add(AnimatedGif picture, Tab tab, int seconds) throws IOException {
        picture.add(tab.picture("document.getElementById('windows')", 1.5), Duration.ofSeconds(seconds));
    }

    private static void write(String name, byte[] picture) throws IOException {
        Files.createDirectories(IMAGES);
        Files.write(IMAGES.resolve(name), picture);
        System.out.println("docs/images/" + name + ": " + picture.length + " bytes");
    }
}
