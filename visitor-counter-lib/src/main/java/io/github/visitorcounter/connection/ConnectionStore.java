package io.github.visitorcounter.connection;

import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

/** Reads who is here. Thread-safe. Only a {@link io.github.visitorcounter.count.CounterStore} changes it. */
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
     * until the last one was read is in one of them; connections that come or go meanwhile may be in none or one.
     *
     * @param request which page
     * @param deadline when to give up
     * @return the page, without expired connections
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    ConnectionPage read(PageRequest request, Deadline deadline);
}
