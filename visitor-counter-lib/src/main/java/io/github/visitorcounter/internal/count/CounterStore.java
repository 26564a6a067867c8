package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Counts connections in and out. Each change of a counter and of the rows it counts is one atomic step, and may be repeated:
 * whoever calls again after a crash, a timeout or a duplicate event changes nothing. Thread-safe.
 */
public interface CounterStore {

    /**
     * Counts a connection in: keeps its row, raises {@code version} by one, and adds to {@code live} and {@code total} what {@link
     * VisitRules} say, in one step with what is kept of its visit. Does nothing when the connection has been counted before.
     *
     * @param connection the connection that was just accepted
     * @param deadline when to give up; the first attempt is made in any case
     * @throws io.github.visitorcounter.CounterFullException if the arrival would add to {@code live}, and that has reached its
     *     limit; nothing was changed
     * @throws io.github.visitorcounter.ServiceUnavailableException if it could not be counted in time. The last attempt may
     *     have been carried out all the same if its answer was lost
     */
    void addConnection(Connection connection, Deadline deadline);

    /**
     * Counts connections out: removes the rows that are still there, and takes from their counters' {@code live} what {@link
     * VisitRules} say. A counter whose {@code live} changes has its {@code version} raised by one, for each transaction; one
     * whose visitor still has another tab open stays as it is.
     *
     * @param connectionIds the connections, of one counter or several
     * @param change why
     * @param at when they left, for {@link VisitorCount#updatedAt()}
     * @param deadline when to give up
     * @return those who were counted out; the others had left before, or were never counted. A call that repeats an attempt
     *     whose answer was lost returns those of that attempt
     * @throws io.github.visitorcounter.ServiceUnavailableException if not all could be counted out in time; some may have been
     */
    List<Connection> removeConnections(Collection<String> connectionIds, Change change, Instant at, Deadline deadline);

    /**
     * Reads the newest count. Every change that was completed before this call is in it, none is in it twice, and some of those
     * that are made meanwhile are; when nothing changes, it is exact.
     *
     * @param counterId which counter
     * @param deadline when to give up
     * @return the count; {@link VisitorCount#none} when nobody has come yet
     * @throws io.github.visitorcounter.ServiceUnavailableException if the store did not answer in time
     */
    VisitorCount read(String counterId, Deadline deadline);
}
