package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.original.OriginalStack;
import io.github.visitorcounter.benchmark.visitors.Page;
import io.github.visitorcounter.demo.CounterStack;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;

import java.util.Map;

/** The two designs that are compared. */
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
    };

    private final String title;
    private final Page page;

    Design(String title, Page page) {
        this.title = title;
        this.page = page;
    }

    abstract EmbeddedStack.Builder describe(Map<String, String> settings);

    /** Its name in tables. */
    public String title() {
        return title;
    }

    Page page() {
        return page;
    }
}
