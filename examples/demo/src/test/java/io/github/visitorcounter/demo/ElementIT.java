package io.github.visitorcounter.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The effects of the element on its page, in a real browser. */
class ElementIT {
    /** A version above the counter's own, which start at the time in microseconds. */
    private static final long LATER = 9_000_000_000_000_000L;

    @RegisterExtension
    private static final Browsing BROWSING = new Browsing();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path AXE = TestSite.JS_CLIENT.resolve("tools/node_modules/axe-core/axe.min.js");
    private static final String NOT_READ_ALOUD = "none";

    private final Chromium chromium = BROWSING.chromium();
    private final TestSite site = BROWSING.site();
    private final ApiGatewayManagementApiClient connections = ApiGatewayManagementApiClient.builder()
            .endpointOverride(site.stack().endpoints().management())
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    private long before;

    @BeforeEach
    void countThoseBefore() {
        before = site.visits();
    }

    @AfterEach
    void closeTabs() {
        connections.close();
        chromium.closeTabs();
        site.awaitOpenConnections(0);
    }

    @Test
    void it_works_under_a_strict_content_security_policy() {
        Tab tab = chromium.open(site.page("csp.html"));
        tab.addCounter(site.websocket());
        tab.run("document.querySelector('visitor-counter').setAttribute('look', 'badge')");

        tab.awaitShown(1, before + 1);

        assertThat(tab.value("spy.errors")).isEqualTo(List.of());
        assertThat(tab.value("getComputedStyle(" + inside(".figures") + ").borderRadius"))
                .isNotEqualTo("0px");
    }

    @Test
    void it_sends_its_visitor_id_to_the_server() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);

        tab.run("document.querySelector('visitor-counter').setAttribute('visitor', 'x-1')");

        tab.await("spy.sockets.some(({ url, openedAt }) => openedAt !== null"
                + " && new URL(url).searchParams.get('visitor') === 'x-1')");
    }

    @Test
    void foreign_frames_are_ignored() throws IOException {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);
        tab.run("window.shown = []; document.querySelector('visitor-counter')"
                + ".addEventListener('count', ({ detail }) => shown.push(detail.live))");

        List<String> foreign = foreignFrames();
        for (String frame : foreign) {
            post(frame);
        }
        post(count(77, 88, LATER));

        tab.awaitShown(77, 88);
        assertThat(foreign).hasSizeGreaterThan(10);
        assertThat(tab.value("shown")).isEqualTo(List.of(77L));
        assertThat(tab.value("spy.errors")).isEqualTo(List.of());
        assertThat(tab.value("document.querySelector('visitor-counter').state")).isEqualTo("live");
    }

    @Test
    void a_message_without_a_change_causes_no_layout() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);
        post(count(5, 6, LATER));
        tab.awaitShown(5, 6);
        chromium.devTools("Performance.enable", Map.of());
        tab.awaitPainted();
        Metrics quiet = Metrics.of(chromium);

        for (int version = 1; version <= 50; version++) {
            post(count(5, 6, LATER + version));
        }
        tab.await("document.querySelector('visitor-counter').count.version === " + (LATER + 50));
        tab.awaitPainted();
        Metrics same = Metrics.of(chromium);
        post(count(7, 6, LATER + 1_000));
        tab.awaitShown(7, 6);
        tab.awaitPainted();

        assertThat(same.get("LayoutCount")).isEqualTo(quiet.get("LayoutCount"));
        assertThat(same.get("RecalcStyleCount")).isEqualTo(quiet.get("RecalcStyleCount"));
        assertThat(Metrics.of(chromium).get("LayoutCount"))
                .as("a new number is laid out")
                .isGreaterThan(same.get("LayoutCount"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "document.body.appendChild(document.createElement('iframe')).contentDocument",
                "open('about:blank').document"
            })
    void a_moved_element_keeps_styles_and_connection(String otherDocument) {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.run("document.querySelector('visitor-counter').setAttribute('look', 'badge')");
        tab.awaitShown(1, before + 1);
        tab.run("window.counter = document.querySelector('visitor-counter');"
                + "window.radius = () => counter.ownerDocument.defaultView.getComputedStyle("
                + "counter.shadowRoot.querySelector('.figures')).borderRadius;"
                + "window.other = "
                + otherDocument);
        Object atHome = tab.value("radius()");

        tab.run("other.body.append(counter)");
        Object inOther = tab.value("radius()");
        tab.run("document.querySelector('main').append(counter)");

        assertThat(atHome).isNotEqualTo("0px");
        assertThat(inOther).isEqualTo(atHome);
        assertThat(tab.value("radius()")).isEqualTo(atHome);
        tab.awaitShown(1, before + 1);
        assertThat(tab.number("spy.sockets.length")).isEqualTo(1);
    }

    @Test
    void the_state_is_visible_to_style_sheets_only() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);

        assertThat(tab.value("document.querySelector('visitor-counter').getAttributeNames()"))
                .isEqualTo(List.of("url"));
        tab.await("document.querySelector('visitor-counter').matches(':state(live)')");
        assertThat(tab.value(inside(".stale") + " === null")).isEqualTo(true);

        tab.run("document.querySelector('visitor-counter').setAttribute('url', 'ws://127.0.0.1:9/none')");
        tab.await("document.querySelector('visitor-counter').matches(':state(reconnecting)')");
        assertThat(tab.value(inside(".stale") + ".part.contains('stale')")).isEqualTo(true);
    }

    @Test
    void a_number_below_the_threshold_is_not_shown() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);

        tab.run("const counter = document.querySelector('visitor-counter');"
                + "counter.setAttribute('show', 'live'); counter.setAttribute('from', '2')");
        tab.await("document.querySelector('visitor-counter').matches(':state(few):state(live)')");
        assertThat(tab.value("document.querySelector('visitor-counter').getBoundingClientRect().width"))
                .isEqualTo(0L);

        tab.run("document.querySelector('visitor-counter').setAttribute('from', '1')");
        tab.await("!document.querySelector('visitor-counter').matches(':state(few)')");
        assertThat(tab.number("document.querySelector('visitor-counter').getBoundingClientRect().width"))
                .isPositive();
    }

    @Test
    void labels_of_ten_languages_are_loaded_on_request() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.run("document.querySelector('visitor-counter').lang = 'de-AT'");
        tab.awaitShown(1, before + 1);
        tab.await(inside(".live") + ".textContent.includes('visitor here now')");

        tab.run("import('/visitor-counter-labels.js')");

        tab.await(inside(".live") + ".textContent.includes('Besucher gerade hier')");
    }

    @Test
    void adding_and_removing_the_element_leaks_nothing() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.await("customElements.get('visitor-counter') !== undefined");
        tab.run("window.sockets = { opened: 0, closed: 0 };"
                + "window.WebSocket = class { constructor() { sockets.opened++ } close() { sockets.closed++ } }");
        chromium.devTools("Performance.enable", Map.of());
        addAndRemove(tab, 100);
        tab.await("sockets.closed === 1");
        Metrics first = Metrics.afterCollectingGarbage(chromium);

        addAndRemove(tab, 1_000);

        // One connection in total: it stays open for a moment without an element.
        tab.await("sockets.closed === 2");
        Metrics last = Metrics.afterCollectingGarbage(chromium);
        assertThat(tab.value("sockets")).isEqualTo(Map.of("opened", 2L, "closed", 2L));
        assertThat(tab.number("spy.timers.size")).as("timers").isZero();
        assertThat(last.get("JSEventListeners")).as("listeners").isEqualTo(first.get("JSEventListeners"));
        assertThat(last.get("Nodes")).as("nodes").isEqualTo(first.get("Nodes"));
        // An element with its shadow tree is more than a kilobyte.
        assertThat(last.get("JSHeapUsedSize") - first.get("JSHeapUsedSize"))
                .as("heap growth, bytes")
                .isLessThan(300_000);
    }

    @Test
    void assistive_technology_receives_one_status() {
        Tab tab = chromium.open(site.page("page.html"));
        tab.addCounter(site.websocket());
        tab.awaitShown(1, before + 1);
        String spoken = "1 visitor here now, " + (before + 1) + (before == 0 ? " visit" : " visits") + " so far";

        assertThat(tab.value(inside("[role=status]") + ".textContent")).isEqualTo(spoken);
        List<JsonNode> tree = accessibilityTree();
        assertThat(tree)
                .filteredOn(node -> node.at("/role/value").asText().equals("status"))
                .singleElement()
                .satisfies(status -> assertThat(status.get("properties")).anySatisfy(property -> {
                    assertThat(property.get("name").asText()).isEqualTo("live");
                    assertThat(property.at("/value/value").asText()).isEqualTo("polite");
                }));
        assertThat(tree)
                .filteredOn(node -> node.at("/role/value").asText().equals("StaticText"))
                .extracting(node -> node.at("/name/value").asText())
                .as("all that is read of the page")
                .containsExactly("A page", spoken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void axe_finds_no_violation_in_the_demo_page(String colours) throws IOException {
        assumeTrue(
                Files.exists(AXE),
                "Skipped: axe-core is not there; the build of js-client installs it unless -DskipJs is given.");
        chromium.preferColours(colours);
        Tab tab = chromium.open(site.page("/"));
        tab.awaitShown(1, before + 1);
        tab.await("document.querySelectorAll('#details dd').length > 10");
        tab.run(Files.readString(AXE));

        Object violations = tab.runAsync(
                "const done = arguments[0]; axe.run().then(({ violations, passes }) => done(violations.length > 0 || passes.length < 10"
                        + " ? violations.map(({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map(({ html }) => html).join(' '))"
                        + ".concat('passes: ' + passes.length) : []), error => done(String(error)))");

        assertThat(violations).isEqualTo(List.of());
    }

    private static String inside(String selector) {
        return "document.querySelector('visitor-counter').shadowRoot.querySelector('" + selector + "')";
    }

    private static void addAndRemove(Tab tab, int times) {
        tab.runAsync(
                "const [times, done] = arguments; (async () => { for (let i = 0; i < times; i++) {"
                        + "const counter = document.createElement('visitor-counter');"
                        + "counter.setAttribute('url', 'ws://127.0.0.1:9/none'); document.querySelector('main').append(counter);"
                        + "await Promise.resolve(); counter.remove(); await Promise.resolve(); } })().then(done)",
                times);
    }

    private static List<String> foreignFrames() throws IOException {
        List<String> frames = new ArrayList<>();
        Path golden = TestSite.JS_CLIENT.resolve("test/golden/frames.json");
        for (JsonNode each : JSON.readTree(golden.toFile()).get("cases")) {
            // Without a counter of its own the page accepts any.
            if (each.get("count").isNull() && !each.get("from").asText().equals("another counter")) {
                frames.add(each.get("frame").asText());
            }
        }
        frames.removeIf(String::isEmpty);
        return frames;
    }

    private static String count(long live, long total, long version) {
        return "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":" + live + ",\"total\":" + total
                + ",\"version\":" + version + "}";
    }

    /** Sends a frame to the only page, like a function. */
    private void post(String frame) {
        String id = site.stack()
                .dynamoDb()
                .scan(scan -> scan.tableName("ConnectionIDs"))
                .items()
                .get(0)
                .get("connectionId")
                .s();
        connections.postToConnection(post -> post.connectionId(id).data(SdkBytes.fromUtf8String(frame)));
    }

    private List<JsonNode> accessibilityTree() {
        JsonNode nodes = JSON.valueToTree(
                chromium.devTools("Accessibility.getFullAXTree", Map.of()).get("nodes"));
        List<JsonNode> read = new ArrayList<>();
        nodes.forEach(node -> {
            if (!node.path("ignored").asBoolean()
                    && !node.at("/role/value").asText().equals(NOT_READ_ALOUD)) {
                read.add(node);
            }
        });
        return read;
    }

    /** The metrics of Chromium for a page. */
    private record Metrics(Map<String, Double> values) {

        static Metrics of(Chromium chromium) {
            JsonNode metrics = JSON.valueToTree(
                    chromium.devTools("Performance.getMetrics", Map.of()).get("metrics"));
            Map<String, Double> values = new HashMap<>();
            metrics.forEach(metric ->
                    values.put(metric.get("name").asText(), metric.get("value").asDouble()));
            return new Metrics(values);
        }

        static Metrics afterCollectingGarbage(Chromium chromium) {
            chromium.devTools("HeapProfiler.collectGarbage", Map.of());
            chromium.devTools("HeapProfiler.collectGarbage", Map.of());
            return of(chromium);
        }

        double get(String name) {
            return values.get(name);
        }
    }
}
