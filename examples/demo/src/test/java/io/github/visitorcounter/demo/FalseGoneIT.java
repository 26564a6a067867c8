package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * API Gateway sometimes answers 410 for an open connection, but 410 is also the only sign of a lost
 * {@code $disconnect}.
 */
@Tag("slow")
class FalseGoneIT {

    private static final int PAGES = 200;
    private static final int LOST = 20;
    private static final int AT_ONCE = 20;

    private static final Map<String, String> SETTINGS = Map.of(Setting.HANDSHAKE_GRACE.variable(), "8");

    private final HttpClient browser = HttpClient.newHttpClient();

    @Test
    void only_closed_pages_are_removed() throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(DisconnectTrigger.BY_INVOCATION, SETTINGS).start()) {
            stack.faults(
                    Faults.builder().falseGoneRatio(0.01).loseDisconnectRatio(1).build());
            List<Visitor> pages = new ArrayList<>();
            while (pages.size() < PAGES + LOST) {
                pages.addAll(Visitor.connect(browser, stack, AT_ONCE));
            }
            for (Visitor page : pages) {
                page.awaits(PAGES + LOST, PAGES + LOST);
            }

            pages.subList(0, LOST).forEach(Visitor::disconnect);
            Visitor.connect(browser, stack, 1);

            for (Visitor page : pages.subList(LOST, pages.size())) {
                page.awaits(PAGES + 1, PAGES + LOST + 1);
            }
            stack.streamsDrained().get(60, TimeUnit.SECONDS);
            assertThat(stack.stats().connections().open()).isEqualTo(PAGES + 1);
        }
    }
}
