package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;

/** The total alone, for pages that know no other message. */
final class CountMessageFormat {

    private CountMessageFormat() {}

    static String format(VisitorCount count) {
        return "{\"count\":" + count.total() + "}";
    }
}
