package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Adds and removes connections, and updates the count. Each change of a counter and its rows is atomic and idempotent:
 * repeating a call after a crash, a timeout or a duplicate event has no effect. Thread-safe.
 */
public interface CounterStore {

    /**
     * Adds a connection: writes its row and its visit, increments {@code version}, and adds to {@code live} and
     * {@code total} according to {@link VisitRules}, in one transaction. Does nothing if the connection was counted
     * before.
     *
     * @param connection the connection that was just accepted
     * @param deadline when to give up; the first attempt is made in any case
     * @throws io.github.visitorcounter.CounterFullException if the connection would increase {@code live} above its
     *     maximum; nothing was changed
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be counted in time. The last attempt
     *     may nevertheless have succeeded if its answer was lost
     */
    void addConnection(Connection connection, Deadline deadline);

    /**
     * Removes connections: deletes their rows, and subtracts from {@code live} according to {@link VisitRules}. Each
     * transaction that changes {@code live} increments {@code version}; if a visitor still has another connection, the
     * count does not change.
     *
     * @param connectionIds the connections, of one counter or several
     * @param change the reason
     * @param at the time of the disconnects, for {@link VisitorCount#updatedAt()}
     * @param deadline when to give up
     * @return the removed connections, without those that were removed before or never counted. A call that repeats an
     *     attempt whose answer was lost returns the connections of that attempt
     * @throws io.github.visitorcounter.ServiceUnavailableException if not all could be removed in time; some may have
     *     been
     */
    List<Connection> removeConnections(Collection<String> connectionIds, Change change, Instant at, Deadline deadline);

    /**
     * Reads the newest count. It contains every change that was completed before this call exactly once, and possibly
     * some of the concurrent changes; without concurrent changes it is exact.
     *
     * @param counterId the counter
     * @param deadline when to give up
     * @return the count; {@link VisitorCount#none} if the counter has no row
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    VisitorCount read(String counterId, Deadline deadline);
}
