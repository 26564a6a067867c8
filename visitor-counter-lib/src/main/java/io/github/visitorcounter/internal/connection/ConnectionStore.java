package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads who is here. Thread-safe. Only a {@link io.github.visitorcounter.internal.count.CounterStore} changes it. */
public interface ConnectionStore {

    /**
     * Finds a connection by its id, expired or not.
     *
     * @param connectionId API Gateway's id of the connection
     * @param deadline when to give up
     * @return the connection, or null when it is not (or no longer) counted
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    @Nullable
    Connection find(String connectionId, Deadline deadline);

    /**
     * Reads a page of a counter's connections. A connection that is counted before the first page is read and not counted out
     * until the last one was read is in one of them; connections that come or go meanwhile may be in none or one. Where pages
     * {@link #lag()}, that is so of what was counted so long before.
     *
     * @param request which page
     * @param deadline when to give up
     * @return the page, without expired connections
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    ConnectionPage read(PageRequest request, Deadline deadline);

    /**
     * Returns how long a connection may be missing in pages after it was counted. By default pages are consistent.
     *
     * @return a time after which it is in them for sure; zero when it is at once
     */
    default Duration lag() {
        return Duration.ZERO;
    }

    /**
     * Reads a counter's latest connections, as pages show them.
     *
     * @param counterId the counter
     * @param since only those that were accepted later
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
