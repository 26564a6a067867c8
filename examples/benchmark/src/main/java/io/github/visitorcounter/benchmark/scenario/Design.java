package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.original.OriginalStack;
import io.github.visitorcounter.benchmark.visitors.Page;
import io.github.visitorcounter.benchmark.visitors.Shown;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.RoundedMessageFormat;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.demo.CounterStack;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;

import java.util.HashMap;
import java.util.Map;

import static io.github.visitorcounter.Setting.MESSAGE_FORMAT;

/** The designs that are compared. */
public enum Design {
    /** The original design; see {@link OriginalStack}. It has no settings. */
    ORIGINAL("original", Page.LAST_MESSAGE) {
        @Override
        EmbeddedStack.Builder describe(Map<String, String> settings) {
            return OriginalStack.describe(endpoints -> endpoints.management().toString());
        }
    },
    /** The library's handlers with the templates' settings: disconnects are broadcast by invocation. */
    LIBRARY("this library", Page.NEWEST_VERSION) {
        @Override
        EmbeddedStack.Builder describe(Map<String, String> settings) {
            return CounterStack.describe(DisconnectTrigger.BY_INVOCATION, settings);
        }
    },
    /** As {@link #LIBRARY}, with rounded numbers. */
    LIBRARY_ROUNDED("this library, rounded", Page.NEWEST_VERSION) {
        @Override
        EmbeddedStack.Builder describe(Map<String, String> settings) {
            Map<String, String> all = new HashMap<>(settings);
            all.put(MESSAGE_FORMAT.variable(), MESSAGE_FORMAT.format(ROUNDED));
            return LIBRARY.describe(all);
        }

        @Override
        boolean isRight(Shown shown, long live, long total) {
            return !ROUNDED.isChange(count(shown.live(), shown.total()), count(live, total));
        }
    };

    private static final MessageFormat ROUNDED = RoundedMessageFormat.instance();

    private final String title;
    private final Page page;

    Design(String title, Page page) {
        this.title = title;
        this.page = page;
    }

    abstract EmbeddedStack.Builder describe(Map<String, String> settings);

    /** Returns whether a page shows the true numbers; rounded ones may be one step away. */
    boolean isRight(Shown shown, long live, long total) {
        return shown.is(live, total);
    }

    private static VisitorCount count(long live, long total) {
        return new VisitorCount("", live, total, 0, null);
    }

    /** Its name in tables. */
    public String title() {
        return title;
    }

    Page page() {
        return page;
    }
}
