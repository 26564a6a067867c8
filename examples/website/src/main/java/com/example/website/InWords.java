package com.example.website;

import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.VisitorCount;

/** Formats the count in words. */
final class InWords implements MessageFormat {

    @Override
    public String format(VisitorCount count) {
        String people = count.live() == 1 ? "1 person is" : count.live() + " people are";
        return "{\"type\":\"readers\",\"text\":\"%s reading this\",\"version\":%d}".formatted(people, count.version());
    }
}
