package io.github.visitorcounter.benchmark.visitors;

/** Which of the messages that a page hears it shows. */
public enum Page {
    /** The last one, whatever it says: the original's page. */
    LAST_MESSAGE {
        @Override
        boolean replaces(Shown now, Shown heard) {
            return true;
        }
    },
    /** The one with the highest version: this library's page. */
    NEWEST_VERSION {
        @Override
        boolean replaces(Shown now, Shown heard) {
            return heard.version() > now.version();
        }
    };

    abstract boolean replaces(Shown now, Shown heard);
}
