package io.github.visitorcounter.demo;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The browser and the site that the browser tests share, because each takes seconds to start. Closed after the last
 * test.
 */
final class Browsing implements BeforeAllCallback {

    private Shared shared;

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Shared.class, key -> Shared.start(), Shared.class);
    }

    Chromium chromium() {
        return shared.chromium();
    }

    TestSite site() {
        return shared.site();
    }

    private record Shared(Chromium chromium, TestSite site) implements AutoCloseable {

        static Shared start() {
            try {
                return new Shared(Chromium.start(), TestSite.start());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() {
            chromium.close();
            site.close();
        }
    }
}
