package io.github.visitorcounter.broadcast;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.visitorcounter.count.VisitorCount;

/** The message of the wire contract. Written without an ObjectMapper, which would slow down a cold start. */
final class JsonMessageFormat implements MessageFormat {

    @Override
    public String format(VisitorCount count) {
        StringBuilder json = new StringBuilder(96);
        json.append("{\"type\":\"visitor-count\",\"counter\":\"");
        JsonStringEncoder.getInstance().quoteAsString(count.counterId(), json);
        return json.append("\",\"live\":")
                .append(count.live())
                .append(",\"total\":")
                .append(count.total())
                .append(",\"version\":")
                .append(count.version())
                .append('}')
                .toString();
    }
}
