package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Visits and visitors as pages show them, end to end. */
class VisitsIT {

    private final HttpClient browser = HttpClient.newHttpClient();

    @Test
    void a_reconnecting_page_resumes_its_visit() throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(DisconnectTrigger.BY_INVOCATION).start()) {
            Visitor watcher = Visitor.connect(browser, stack, "visit=watcher");
            watcher.awaits(1, 1);
            Visitor page = Visitor.connect(browser, stack, "visit=1");
            watcher.awaits(2, 2);

            page.disconnect();
            watcher.awaits(1, 2);
            Visitor again = Visitor.connect(browser, stack, "visit=1");
            again.awaits(2, 2);
            watcher.awaits(2, 2);

            // It reconnects before its old connection has ended: the number does not change on any page.
            Visitor next = Visitor.connect(browser, stack, "visit=1");
            next.awaits(2, 2);
            again.disconnect();

            Visitor.connect(browser, stack, "visit=2");
            watcher.awaits(3, 3);
        }
    }

    @Test
    void four_tabs_of_a_visitor_count_once() throws Exception {
        Map<String, String> settings = Map.of(Setting.COUNTING_MODE.variable(), "visitors");
        try (EmbeddedStack stack =
                CounterStack.describe(DisconnectTrigger.BY_STREAM, settings).start()) {
            Visitor watcher = Visitor.connect(browser, stack, "visit=0&visitor=watcher");
            watcher.awaits(1, 1);
            List<Visitor> tabs = new ArrayList<>();
            for (int tab = 1; tab <= 4; tab++) {
                tabs.add(Visitor.connect(browser, stack, "visitor=one&visit=" + tab));
            }
            for (Visitor tab : tabs) {
                tab.awaits(2, 2);
            }

            tabs.subList(1, 4).forEach(Visitor::disconnect);
            Visitor.connect(browser, stack, "visit=9").awaits(3, 3);
            watcher.awaits(3, 3);

            tabs.get(0).disconnect();
            watcher.awaits(2, 3);
            Visitor.connect(browser, stack, "visitor=one&visit=reloaded").awaits(3, 3);
            watcher.awaits(3, 3);
        }
    }
}
