package io.github.visitorcounter.demo;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;

/** The count over HTTP, as examples-sam/template.yaml deploys it, with its role; CloudFront is not emulated. */
class HttpCountIT {

    private static final Path TEMPLATE = Path.of("../../examples-sam/template.yaml");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> LOG = new CopyOnWriteArrayList<>();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static StackTemplate template;
    private static EmbeddedStack stack;

    @BeforeAll
    static void two_visitors_connect() throws Exception {
        template = StackTemplate.read(
                TEMPLATE,
                Map.of(
                        "HttpCount", "CloudFront",
                        "HttpCountMaxAgeSeconds", "60",
                        "AllowedCounters", "site,blog,shop",
                        "AllowedOrigins", "https://www.example.org"));
        stack = template.describe().logSink(LOG::add).start();
        for (Visitor visitor : Visitor.connect(CLIENT, stack, 2)) {
            visitor.awaits(2, 2);
        }
    }

    @AfterEach
    void endFaults() {
        stack.faults(Faults.NONE);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void count_is_read_with_a_role_that_only_reads() throws Exception {
        HttpResponse<String> count = get("/count?counter=site", "Origin", "https://www.example.org");

        assertThat(count.statusCode()).as(LOG.toString()).isEqualTo(200);
        assertThat(count.body())
                .matches("\\{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":2,\"total\":2,\"version\":\\d+}");
        assertThat(count.headers().firstValue("cache-control")).contains("public, max-age=60, s-maxage=60");
        assertThat(count.headers().firstValue("access-control-allow-origin")).contains("https://www.example.org");
        assertThat(template.functionUrl()).contains("HttpCountFunction:live");
        assertThat(stack.accesses())
                .filteredOn(access -> access.function().equals("HttpCountFunction"))
                .extracting(Object::toString)
                .containsExactly("HttpCountFunction: dynamodb:GetItem on"
                        + " arn:aws:dynamodb:us-east-1:000000000000:table/VisitorCount");
    }

    @Test
    void badge_is_an_image() throws Exception {
        HttpResponse<String> badge = get("/badge.svg?counter=site&show=total&label=Besuche%20%C3%BCber%20alles");

        assertThat(badge.statusCode()).isEqualTo(200);
        assertThat(badge.headers().firstValue("content-type")).contains("image/svg+xml");
        assertThat(badge.body()).startsWith("<svg ").contains("Besuche &#252;ber alles: 2");
    }

    @Test
    void counter_that_is_not_allowed_does_not_exist() throws Exception {
        assertThat(get("/count?counter=blog").statusCode()).isEqualTo(200);
        assertThat(get("/count?counter=secret").statusCode()).isEqualTo(404);
        assertThat(get("/favicon.ico").statusCode()).isEqualTo(404);
    }

    @Test
    void failing_database_is_not_cached() throws Exception {
        stack.faults(Faults.builder().dynamodbThrottleRatio(1).build());

        HttpResponse<String> badge = get("/badge.svg?counter=shop&label=here");

        assertThat(badge.statusCode()).isEqualTo(200);
        assertThat(badge.body()).contains("here: unavailable");
        assertThat(badge.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void page_of_the_demo_shows_the_badge() throws IOException {
        try (TestSite site = TestSite.startWithHttpCount();
                Chromium chromium = Chromium.start()) {
            Tab tab = chromium.open(site.page("/"));
            tab.awaitShown(1, 1);

            tab.await("document.querySelector('#badge img').naturalWidth > 60");
            assertThat(tab.value("document.querySelector('#badge').hidden")).isEqualTo(false);
        }
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        URI address = URI.create(stack.endpoints().page().toString().replaceFirst("/$", "") + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
