package io.github.visitorcounter.demo;

import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A tab of {@link Chromium}. Every call shows it first, which hides the tab that was shown before. */
final class Tab {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private final ChromeDriver driver;
    private final String handle;

    Tab(ChromeDriver driver, String handle) {
        this.driver = driver;
        this.handle = handle;
    }

    void show() {
        driver.switchTo().window(handle);
    }

    void close() {
        show();
        driver.close();
    }

    /** Ends the tab's process. */
    void crash() {
        show();
        try {
            driver.executeCdpCommand("Page.crash", Map.of());
        } catch (WebDriverException tabCrashed) {
            assertThat(tabCrashed).hasMessageContaining("tab crashed");
        }
    }

    void reload() {
        show();
        driver.navigate().refresh();
    }

    /** Navigates to another page, as a link does. */
    void navigateTo(String page) {
        run("location.assign(arguments[0])", page);
        await("document.readyState === 'complete' && location.pathname.endsWith('" + page + "')");
    }

    void back() {
        show();
        driver.navigate().back();
    }

    /** Runs a function body in the page and returns what it returns. */
    Object run(String script, Object... arguments) {
        show();
        return driver.executeScript(script, arguments);
    }

    /** Runs a function body that ends by calling its last argument, and returns what it is called with. */
    Object runAsync(String script, Object... arguments) {
        show();
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return driver.executeAsyncScript(script, arguments);
    }

    Object value(String expression) {
        return run("return " + expression);
    }

    long number(String expression) {
        return ((Number) value(expression)).longValue();
    }

    /** Waits until an expression is true in the page. */
    void await(String expression) {
        Awaiting.until(PATIENCE, POLL_MILLIS, () -> isTrue(expression), () -> expression + "; " + describe());
    }

    private boolean isTrue(String expression) {
        try {
            return Boolean.TRUE.equals(value(expression));
        } catch (JavascriptException notYet) {
            // The page, or an object in the expression, does not exist yet; the last error is in the description.
            return false;
        }
    }

    private String describe() {
        return "at " + value("location.href") + " there are the sockets "
                + value("JSON.stringify(window.spy?.sockets.slice(-5))") + ", the connections "
                + value("JSON.stringify(window.connections?.slice(-5))") + " and the counters "
                + value(
                        "[...document.querySelectorAll('visitor-counter')]"
                                + ".map(each => each.state + ' ' + each.shadowRoot?.querySelector('.figures')?.textContent).join(' | ')");
    }

    /** Waits until the first counter's last change is on the screen and its animation has ended. */
    void awaitPainted() {
        runAsync("const done = arguments[0]; requestAnimationFrame(async () => {"
                + "await Promise.all(document.querySelector('visitor-counter').shadowRoot.getAnimations()"
                + ".map(({ finished }) => finished));"
                + "requestAnimationFrame(() => requestAnimationFrame(done)) })");
    }

    /**
     * Takes a picture of an element, all of it.
     *
     * @param element an expression
     * @param scale the device pixels per pixel of the page
     */
    byte[] picture(String element, double scale) throws IOException {
        Map<?, ?> box = (Map<?, ?>) run("const { x, y, width, height } = (" + element + ").getBoundingClientRect();"
                + "return { x: x + scrollX, y: y + scrollY, width, height }");
        Map<String, Object> clip = new HashMap<>(Map.of("scale", scale));
        box.forEach((name, value) -> clip.put((String) name, value));
        Map<String, Object> answer = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", clip));
        return SmallPng.of(Base64.getDecoder().decode((String) answer.get("data")));
    }

    /** Adds a counter to the page. */
    void addCounter(URI websocket) {
        run(
                "const counter = document.createElement('visitor-counter');"
                        + "counter.setAttribute('url', arguments[0]); document.querySelector('main').append(counter);",
                websocket.toString());
    }

    /** Waits until the page's first counter shows these numbers, as text on the screen. */
    void awaitShown(long live, long total) {
        await("(() => { const number = name => document.querySelector('visitor-counter').shadowRoot"
                + ".querySelector('.' + name + ' .number').textContent;"
                + "return number('live') === '" + live + "' && number('total') === '" + total + "' })()");
    }
}
