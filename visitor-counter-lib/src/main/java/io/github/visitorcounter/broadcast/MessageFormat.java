package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

import java.util.Objects;

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
    MessageFormat JSON = JsonMessageFormat::format;

    /**
     * {@link VisitorCount#total()} alone, as {@code {"count":3456}}: what pages of the Cloud Resume Challenge's counter
     * expect. It has no version, so such a page may show an older number until the next message. A page that shows the
     * largest number it received does not, because {@code total} does not fall. It does not name the counter either: do
     * not use it together with a site counter.
     */
    MessageFormat COUNT = CountMessageFormat::format;

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

    /**
     * Returns whether pages would see a difference between two counts. If not, the newest count is not broadcast: only
     * new connections are sent a message, with the count that all others have been sent. After ten minutes the next
     * change is broadcast in any case.
     *
     * <p>By default, the texts of the two counts are compared, with the same version in both. Override it if a
     * difference in the text may wait. Counts between which there is no change count as the same to all pages, so each
     * must be an acceptable substitute for the other.
     *
     * @param sent the count that all connections have been sent
     * @param newest a newer count
     * @return whether to broadcast it
     */
    default boolean isChange(VisitorCount sent, VisitorCount newest) {
        VisitorCount sameVersion =
                new VisitorCount(newest.counterId(), newest.live(), newest.total(), sent.version(), newest.updatedAt());
        return !Objects.equals(format(sent), format(sameVersion));
    }
}
