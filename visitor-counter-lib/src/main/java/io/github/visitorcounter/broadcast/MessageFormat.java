package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

/**
 * Turns a count into the text that pages receive. Implementations must be thread-safe.
 *
 * <p>When an implementation throws, a broadcast of the counter fails and Lambda retries it, and a page that asked for the count receives
 * an error frame.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html">the
 *     largest message</a>
 * @since 0.1.0
 */
@FunctionalInterface
public interface MessageFormat {

    /**
     * The default: {@code {"type":"visitor-count","counter":"site","live":12,"total":3456,"version":981}}. Clients show the
     * message with the highest version and ignore fields that they don't know.
     */
    MessageFormat JSON = new JsonMessageFormat();

    /**
     * Formats a count. Messages may overtake each other: put {@link VisitorCount#version()} into the text, so that a page can
     * ignore an older one.
     *
     * @param count the count to send
     * @return the text of one WebSocket message, at most 128 KB in UTF-8, of which AWS bills each 32 KB begun as a message; null
     *     sends nothing
     */
    @Nullable
    String format(VisitorCount count);
}
