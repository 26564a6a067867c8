package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.PageRequest;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * The message and the recipients of a pass.
 *
 * @param message the text to send
 * @param first connections to post to before all others; the pass posts to them once, even if a page contains them.
 *     Without pages, connections that remain when the time runs out are unsent
 * @param suspects the ids of connections that have answered 410 in an earlier pass
 * @param pages the first page of the other connections; null to post only to {@code first}
 */
public record PassPlan(
        String message,
        List<Connection> first,
        Set<String> suspects,
        @Nullable PageRequest pages) {}
