package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

/**
 * Formats a count as the text that pages receive. Implementations must be thread-safe.
 *
 * <p>If an implementation throws an exception, a broadcast of the counter fails and Lambda retries it, and a page that
 * requested the count receives an error frame.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html">the
 *     maximum message size</a>
 * @since 0.1.0
 */
@FunctionalInterface
public interface MessageFormat {

    /**
     * The default: {@code {"type":"visitor-count","counter":"site","live":12,"total":3456,"version":981}}. Clients show
     * the message with the highest version and ignore unknown fields.
     */
    MessageFormat JSON = new JsonMessageFormat();

    /**
     * {@link VisitorCount#total()} alone, as {@code {"count":3456}}: what pages of the Cloud Resume Challenge's counter
     * expect. It has no version, so such a page may show an older number until the next message. A page that shows the
     * largest number it received does not, because {@code total} does not fall. It does not name the counter either: do
     * not use it together with a site counter.
     */
    MessageFormat COUNT = new CountMessageFormat();

    /**
     * Formats a count. Messages may overtake each other: include {@link VisitorCount#version()}, so that a page can
     * ignore an older message.
     *
     * @param count the count to send
     * @return the text of one WebSocket message, at most 128 KB in UTF-8; AWS bills each 32 KB or part of it as one
     *     message. Null sends nothing
     */
    @Nullable
    String format(VisitorCount count);
}
