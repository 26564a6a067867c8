package io.github.visitorcounter.demo;

import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A headless Chromium with an empty profile. Not thread-safe. */
final class Chromium implements AutoCloseable {

    private static final List<String> SWITCHES = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-color-profile=srgb",
            "--hide-scrollbars",
            "--window-size=1200,900",
            "--lang=en-US");

    /**
     * A strong reference, because a collected logger loses its level. It warns of every DevTools version newer than its
     * own.
     */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final Path profile;
    private final ProcessHandle process;
    private final ChromeDriverService service;
    private final ChromeDriver driver;
    private boolean firstTabUsed;
    private String preferredColours = "light";
    private int width = 1_200;
    private int latencyMillis;

    private Chromium(Path executable, Path driverExecutable) throws IOException {
        SELENIUM.setLevel(Level.SEVERE);
        profile = Files.createTempDirectory("visitor-counter-chromium");
        Set<Long> before = children().map(ProcessHandle::pid).collect(Collectors.toSet());
        service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driverExecutable.toFile())
                .usingAnyFreePort()
                .build();
        service.sendOutputTo(OutputStream.nullOutputStream());
        service.start();
        process = children()
                .filter(child -> !before.contains(child.pid()))
                .findFirst()
                .orElseThrow();
        driver = new ChromeDriver(
                service,
                new ChromeOptions()
                        .setBinary(executable.toFile())
                        .addArguments(SWITCHES)
                        .addArguments("--user-data-dir=" + profile));
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current().children();
    }

    /** Starts it, or skips the test if it is not installed. */
    static Chromium start() throws IOException {
        Path executable = find("chromium");
        Path driverExecutable = find("chromedriver");
        assumeTrue(
                executable != null && driverExecutable != null,
                "Skipped: the browser tests need chromium and chromedriver on the PATH; .ci/run installs them.");
        return new Chromium(executable, driverExecutable);
    }

    private static Path find(String program) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv("PATH"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Opens the next pages in light or dark colours. */
    void preferColours(String lightOrDark) {
        preferredColours = lightOrDark;
    }

    /**
     * Opens the next pages in a window of this size and over a network of this latency.
     *
     * @param pixels the window's width
     * @param latency added to each request, in milliseconds
     */
    void emulate(int pixels, int latency) {
        width = pixels;
        latencyMillis = latency;
    }

    /** Opens a page in a new tab and shows it. */
    Tab open(URI page) {
        if (firstTabUsed) {
            driver.switchTo().newWindow(WindowType.TAB);
        }
        firstTabUsed = true;
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", preferredColours))));
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        devTools(
                "Network.emulateNetworkConditions",
                Map.of("offline", false, "latency", latencyMillis, "downloadThroughput", -1, "uploadThroughput", -1));
        Tab tab = new Tab(driver, driver.getWindowHandle());
        driver.get(page.toString());
        return tab;
    }

    /** Closes every page except an empty one, so that the next test starts without other pages. */
    void closeTabs() {
        List<String> tabs = List.copyOf(driver.getWindowHandles());
        driver.switchTo().newWindow(WindowType.TAB);
        String empty = driver.getWindowHandle();
        for (String tab : tabs) {
            driver.switchTo().window(tab).close();
        }
        driver.switchTo().window(empty);
        firstTabUsed = false;
    }

    /** Kills all its processes at once, as a power cut does: no close frame is sent. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        // The driver also ends the browser; killed processes have ended already.
        List<ProcessHandle> all = process.descendants().toList();
        if (all.isEmpty()) {
            service.stop();
        } else {
            driver.quit();
        }
        all.forEach(each -> each.onExit().join());
        deleteProfile();
    }

    private void deleteProfile() {
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a DevTools command to the tab that is shown. */
    Map<String, Object> devTools(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }
}
