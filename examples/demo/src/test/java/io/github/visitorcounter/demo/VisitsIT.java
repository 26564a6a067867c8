package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.Announcement;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a page must see of visits and visitors, end to end. */
class VisitsIT {

    private final HttpClient browser = HttpClient.newHttpClient();

    @Test
    void a_page_that_reconnects_takes_its_own_place() throws Exception {
        try (EmbeddedStack stack =
                CounterStack.describe(Announcement.BY_INVOCATION).start()) {
            Visitor watcher = Visitor.connect(browser, stack, "visit=watcher");
            watcher.awaits(1, 1);
            Visitor page = Visitor.connect(browser, stack, "visit=1");
            watcher.awaits(2, 2);

            page.leave();
            watcher.awaits(1, 2);
            Visitor again = Visitor.connect(browser, stack, "visit=1");
            again.awaits(2, 2);
            watcher.awaits(2, 2);

            // It reconnects before its old connection has ended: nobody sees another number.
            Visitor next = Visitor.connect(browser, stack, "visit=1");
            next.awaits(2, 2);
            again.leave();

            Visitor.connect(browser, stack, "visit=2");
            watcher.awaits(3, 3);
        }
    }

    @Test
    void four_tabs_of_a_visitor_are_one_where_visitors_are_counted() throws Exception {
        Map<String, String> settings = Map.of(Setting.COUNTING_MODE.variable(), "visitors");
        try (EmbeddedStack stack =
                CounterStack.describe(Announcement.BY_STREAM, settings).start()) {
            Visitor watcher = Visitor.connect(browser, stack, "visit=0&visitor=watcher");
            watcher.awaits(1, 1);
            List<Visitor> tabs = new ArrayList<>();
            for (int tab = 1; tab <= 4; tab++) {
                tabs.add(Visitor.connect(browser, stack, "visitor=one&visit=" + tab));
            }
            for (Visitor tab : tabs) {
                tab.awaits(2, 2);
            }

            tabs.subList(1, 4).forEach(Visitor::leave);
            Visitor.connect(browser, stack, "visit=9").awaits(3, 3);
            watcher.awaits(3, 3);

            tabs.get(0).leave();
            watcher.awaits(2, 3);
            Visitor.connect(browser, stack, "visitor=one&visit=reloaded").awaits(3, 3);
            watcher.awaits(3, 3);
        }
    }
}
