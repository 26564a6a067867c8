package io.github.visitorcounter.broadcast;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.visitorcounter.count.VisitorCount;

/** The message of the wire contract. Written without an ObjectMapper, which would slow down a cold start. */
final class JsonMessageFormat {

    private JsonMessageFormat() {}

    static String format(VisitorCount count) {
        return json(count, count.live(), count.total()).append('}').toString();
    }

    /** Returns the message with these numbers, without the brace at its end. */
    static StringBuilder json(VisitorCount count, long live, long total) {
        StringBuilder json = new StringBuilder(96);
        json.append("{\"type\":\"visitor-count\",\"counter\":\"");
        JsonStringEncoder.getInstance().quoteAsString(count.counterId(), json);
        return json.append("\",\"live\":")
                .append(live)
                .append(",\"total\":")
                .append(total)
                .append(",\"version\":")
                .append(count.version());
    }
}
