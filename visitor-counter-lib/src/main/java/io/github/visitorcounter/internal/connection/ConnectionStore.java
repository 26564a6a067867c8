package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads connections. Only a {@link io.github.visitorcounter.internal.count.CounterStore} changes them. Thread-safe. */
public interface ConnectionStore {

    /**
     * Finds a connection by its id, expired or not.
     *
     * @param connectionId API Gateway's id of the connection
     * @param deadline when to give up
     * @return the connection, or null if it is not (or no longer) counted
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    @Nullable
    Connection find(String connectionId, Deadline deadline);

    /**
     * Reads a page of a counter's connections. A connection that was added before the first page is read, and is not
     * removed until the last page was read, is in exactly one page; a connection that is added or removed meanwhile is
     * in at most one. If pages {@linkplain #lag lag}, this holds for connections that were added at least so long
     * before.
     *
     * @param request which page
     * @param deadline when to give up
     * @return the page, without expired connections
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    ConnectionPage read(PageRequest request, Deadline deadline);

    /**
     * Returns how long after its connect a connection may be missing from a counter's pages. By default pages are
     * consistent.
     *
     * @param counterId the counter
     * @return the longest lag; zero if pages are consistent
     */
    default Duration lag(String counterId) {
        return Duration.ZERO;
    }

    /**
     * Reads the most recent connections of a counter, with the lag of pages.
     *
     * @param counterId the counter
     * @param since connections accepted after this time are returned
     * @param deadline when to give up
     * @return the connections, without expired ones
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    default List<Connection> recent(String counterId, Instant since, Deadline deadline) {
        List<Connection> recent = new ArrayList<>();
        PageRequest next = PageRequest.first(counterId);
        while (next != null) {
            ConnectionPage page = read(next, deadline);
            page.connections().stream()
                    .filter(connection -> connection.connectedAt().isAfter(since))
                    .forEach(recent::add);
            next = page.next() == null ? null : next.from(page.next());
        }
        return recent;
    }
}
