package io.github.visitorcounter.demo;

import io.github.visitorcounter.demo.CounterStack.Announcement;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A page that is loaded again, as another page sees it. */
class ReloadIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than a slow machine needs to load a page. */
    private static final int WINDOW_SECONDS = 30;

    private final HttpClient browser = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(Announcement.class)
    void others_see_no_dip(Announcement announcement) throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(announcement, Map.of(), WINDOW_SECONDS).start()) {
            List<Visitor> visitors = Visitor.connect(browser, stack, 2);
            Visitor watching = visitors.get(1);
            for (Visitor visitor : visitors) {
                visitor.awaits(2, 2);
            }
            int before = watching.messages();

            visitors.get(0).leave();
            Awaiting.until(PATIENCE, 20, () -> live(stack) == 1, () -> "the departure to be counted");
            long start = System.nanoTime();
            Visitor loadedAgain = Visitor.connect(browser, stack, 1).get(0);
            loadedAgain.awaits(2, 3);
            watching.awaits(2, 3);

            assertThat(watching.told().subList(before, watching.messages()))
                    .extracting(Visitor.Shown::live)
                    .containsOnly(2L);
            System.out.println(announcement + ": told after " + (System.nanoTime() - start) / 1_000_000 + " ms");
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
