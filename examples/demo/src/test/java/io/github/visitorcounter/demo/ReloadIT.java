package io.github.visitorcounter.demo;

import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The effect of a page's reload on another page. */
class ReloadIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than a page load on a slow machine. */
    private static final int WINDOW_SECONDS = 30;

    private final HttpClient browser = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(DisconnectTrigger.class)
    void a_reload_is_invisible_to_others(DisconnectTrigger trigger) throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(trigger, Map.of(), WINDOW_SECONDS).start()) {
            List<Visitor> visitors = Visitor.connect(browser, stack, 2);
            Visitor watching = visitors.get(1);
            for (Visitor visitor : visitors) {
                visitor.awaits(2, 2);
            }
            int before = watching.messages();

            visitors.get(0).disconnect();
            Awaiting.until(PATIENCE, 20, () -> live(stack) == 1, () -> "the departure to be counted");
            long start = System.nanoTime();
            Visitor loadedAgain = Visitor.connect(browser, stack, 1).get(0);
            loadedAgain.awaits(2, 3);
            watching.awaits(2, 3);

            assertThat(watching.received().subList(before, watching.messages()))
                    .extracting(Visitor.Shown::live)
                    .containsOnly(2L);
            System.out.println(trigger + ": sent after " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }

    private static int live(EmbeddedStack stack) {
        return Integer.parseInt(stack.dynamoDb()
                .getItem(request ->
                        request.tableName("VisitorCount").key(Map.of("counterId", AttributeValue.fromS("site"))))
                .item()
                .get("live")
                .n());
    }
}
