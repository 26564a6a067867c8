package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.access.Access;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** Two pages with a counter each, the whole site, and a page that only watches, end to end. */
@Tag("slow")
class SiteCounterIT {

    private static final Path TEMPLATE = Path.of("../../examples-sam/template.yaml");
    private static final String NEWS = "page:/news";
    private static final String PRICES = "page:/prices";
    private static final String SITE = "site";

    private final HttpClient browser = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(DisconnectTrigger.class)
    void each_page_receives_its_count_and_that_of_the_site(DisconnectTrigger trigger) throws Exception {
        Map<String, String> settings = Map.of(
                Setting.ALLOWED_COUNTERS.variable(),
                "page:*",
                Setting.COUNTER_INDEX.variable(),
                CounterStack.COUNTER_INDEX,
                Setting.SITE_COUNTER.variable(),
                SITE,
                Setting.WATCHERS.variable(),
                "true");
        try (EmbeddedStack stack = CounterStack.describe(trigger, settings).start()) {
            walkFromPageToPage(stack);
            stack.streamsDrained().get(60, TimeUnit.SECONDS);
            assertThat(stack.stats().invocations().get(CounterStack.BROADCAST).errors())
                    .isZero();
        }
    }

    /** The template enforces the roles of its functions. */
    @Test
    void template_allows_what_the_site_counter_needs() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        StackTemplate template = StackTemplate.read(
                TEMPLATE, Map.of("AllowedCounters", "site,page:*", "SiteCounter", SITE, "Watchers", "true"));
        try (EmbeddedStack stack = template.describe().logSink(log::add).start()) {
            walkFromPageToPage(stack);

            assertThat(log).noneMatch(line -> line.contains("is not authorized"));
            assertThat(stack.accesses())
                    .filteredOn(access -> access.function().equals("BroadcastFunction"))
                    .extracting(Access::action, access -> access.resource().replaceFirst(".*:", ""))
                    .contains(
                            tuple("dynamodb:Query", "table/ConnectionIDs/index/byCounter"),
                            tuple("dynamodb:Scan", "table/ConnectionIDs"));
        }
    }

    private void walkFromPageToPage(EmbeddedStack stack) throws Exception {
        Visitor watcher = Visitor.connect(browser, stack, "watch=1&counter=" + NEWS);
        watcher.ask();
        watcher.awaits(NEWS, 0, 0);
        watcher.ask(SITE);
        watcher.awaits(SITE, 0, 0);

        Visitor news = Visitor.connect(browser, stack, "visit=walker&counter=" + NEWS);
        Visitor prices = Visitor.connect(browser, stack, "visit=other&counter=" + PRICES);
        news.awaits(NEWS, 1, 1);
        news.awaits(SITE, 2, 2);
        prices.awaits(PRICES, 1, 1);
        prices.awaits(SITE, 2, 2);
        watcher.awaits(NEWS, 1, 1);
        watcher.awaits(SITE, 2, 2);

        news.disconnect();
        watcher.awaits(NEWS, 0, 1);
        watcher.awaits(SITE, 1, 2);

        Visitor walker = Visitor.connect(browser, stack, "visit=walker&counter=" + PRICES);
        walker.awaits(PRICES, 2, 2);
        walker.awaits(SITE, 2, 2);
        prices.awaits(PRICES, 2, 2);
        watcher.awaits(SITE, 2, 2);

        watcher.disconnect();
        prices.disconnect();
        walker.awaits(PRICES, 1, 2);
        walker.awaits(SITE, 1, 2);
        assertThat(walker.counters()).containsExactlyInAnyOrder(PRICES, SITE);
        walker.disconnect();
        awaitNoConnection(stack);
        assertThat(numbers(stack, SITE)).containsExactly("0", "2");
        assertThat(numbers(stack, NEWS)).containsExactly("0", "1");
        assertThat(numbers(stack, PRICES)).containsExactly("0", "2");
    }

    private static void awaitNoConnection(EmbeddedStack stack) {
        Awaiting.until(
                Duration.ofSeconds(30),
                50,
                () -> stack.dynamoDb()
                        .scan(request -> request.tableName("ConnectionIDs").consistentRead(true))
                        .items()
                        .isEmpty(),
                () -> "the last disconnect");
    }

    private static List<String> numbers(EmbeddedStack stack, String counterId) {
        Map<String, AttributeValue> row = stack.dynamoDb()
                .getItem(request -> request.tableName("VisitorCount")
                        .key(Map.of("counterId", AttributeValue.fromS(counterId)))
                        .consistentRead(true))
                .item();
        return List.of(row.get("live").n(), row.get("total").n());
    }

    @Test
    void watchers_are_rejected_unless_they_are_allowed() {
        try (EmbeddedStack stack = CounterStack.describeCounters(DisconnectTrigger.BY_STREAM, "page:*")
                .start()) {
            assertThatThrownBy(() -> Visitor.connect(browser, stack, "watch=1&counter=" + NEWS))
                    .hasCauseInstanceOf(WebSocketHandshakeException.class)
                    .cause()
                    .satisfies(rejection -> assertThat(((WebSocketHandshakeException) rejection)
                                    .getResponse()
                                    .statusCode())
                            .isEqualTo(403));
        }
    }
}
