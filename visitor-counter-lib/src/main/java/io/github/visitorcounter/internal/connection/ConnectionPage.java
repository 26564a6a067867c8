package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.connection.Connection;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A page of connections. It may be empty although more pages follow.
 *
 * @param connections the unexpired connections of the counter
 * @param next where the next page begins, or null if this is the last page
 */
public record ConnectionPage(
        List<Connection> connections, @Nullable String next) {

    /**
     * Copies the list.
     *
     * @param connections the unexpired connections of the counter
     * @param next where the next page begins, or null
     */
    public ConnectionPage {
        connections = List.copyOf(connections);
    }
}
