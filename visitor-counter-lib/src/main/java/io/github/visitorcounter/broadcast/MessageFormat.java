package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

/**
 * Turns a count into the text that clients receive. Implementations must be thread-safe.
 *
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
     * Formats a count. Messages may overtake each other on their way: carry {@link VisitorCount#version()}, so that a client
     * can drop an older one.
     *
     * @param count the count to tell
     * @return the text of one WebSocket message, at most 128 KB in UTF-8, of which AWS bills each 32 KB begun as a message; null
     *     tells nobody
     */
    @Nullable
    String format(VisitorCount count);
}
