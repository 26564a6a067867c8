package io.github.visitorcounter.benchmark.visitors;

/** How a page selects which of its received messages it shows. */
public enum Page {
    /** The last message: the original's page. */
    LAST_MESSAGE {
        @Override
        boolean replaces(Shown now, Shown received) {
            return true;
        }
    },
    /** The message with the highest version: this library's page. */
    NEWEST_VERSION {
        @Override
        boolean replaces(Shown now, Shown received) {
            return received.version() > now.version();
        }
    };

    abstract boolean replaces(Shown now, Shown received);
}
