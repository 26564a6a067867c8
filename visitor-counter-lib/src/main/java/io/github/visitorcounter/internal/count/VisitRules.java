package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides how connects and disconnects change {@code live} and {@code total}. A visit adds one to {@code total},
 * however often its page reconnects within the visit timeout. The rules have no side effects; stores apply them.
 * Immutable.
 *
 * @param window the visit timeout: how long after its last disconnect a visit can be resumed; zero for never
 * @param countingMode what {@code live} counts
 */
public record VisitRules(Duration window, CountingMode countingMode) {

    /**
     * Returns the id under which a connection is counted together with others.
     *
     * @param request the connect request
     * @return the id of the visitor if visitors are counted and the page gave one, otherwise that of the visit; not
     *     validated. Null if the connection is a visit of its own
     */
    public @Nullable String keyOf(ConnectRequest request) {
        if (countingMode == CountingMode.VISITORS && request.visitor() != null) {
            return request.visitor();
        }
        return countingMode == CountingMode.CONNECTIONS && window.isZero() ? null : request.visit();
    }

    /**
     * Returns whether a connection was counted before, even if it was removed since. Only a connection that is a visit
     * of its own can be recognized.
     *
     * @param connection the connection
     * @param visit the stored state of its visit, or null
     * @return true if its {@code $connect} event is a duplicate
     */
    public static boolean isDuplicate(Connection connection, @Nullable Visit visit) {
        return visit != null && connection.visit() == null && visit.expiresAt().isAfter(connection.connectedAt());
    }

    /**
     * Returns the effect of a connect on its visit.
     *
     * @param visit the stored state of the visit, or null
     * @param connectedAt when the connection was accepted
     * @return the effect
     */
    public VisitStart start(@Nullable Visit visit, Instant connectedAt) {
        if (visit == null || !visit.expiresAt().isAfter(connectedAt)) {
            return VisitStart.NEW;
        }
        if (visit.open() > 0) {
            return VisitStart.CONCURRENT;
        }
        Instant endedAt = visit.endedAt();
        return endedAt != null && endedAt.isAfter(resumableAfter(connectedAt)) ? VisitStart.RESUMED : VisitStart.NEW;
    }

    /**
     * Returns the earliest end of a visit that a connect can resume.
     *
     * @param connectedAt the time of the connect
     * @return the time; a visit that ended later is resumed
     */
    public Instant resumableAfter(Instant connectedAt) {
        return connectedAt.minus(window);
    }

    /**
     * Returns when a visit expires unless another connection joins it.
     *
     * @param connection its newest connection
     * @return the time
     */
    public Instant expiresAt(Connection connection) {
        return connection.expiresAt().plus(window);
    }

    /**
     * Returns the increase of {@code total} by a connect.
     *
     * @param start the effect of the connect on its visit
     * @return 1 or 0
     */
    public int totalIncrease(VisitStart start) {
        return start == VisitStart.NEW ? 1 : 0;
    }

    /**
     * Returns the increase of {@code live} by a connect.
     *
     * @param start the effect of the connect on its visit
     * @return 1 or 0
     */
    public int liveIncrease(VisitStart start) {
        return countingMode != CountingMode.CONNECTIONS && start == VisitStart.CONCURRENT ? 0 : 1;
    }

    /**
     * Returns the effect of disconnects on their visit.
     *
     * @param visit the stored state of the visit
     * @param closed how many of its connections disconnected
     * @param at the time of the disconnects
     * @return the effect
     */
    public VisitEnd end(Visit visit, int closed, Instant at) {
        Instant before = visit.endedAt();
        return new VisitEnd(visit.open() <= closed, before != null && before.isAfter(at) ? before : at);
    }

    /**
     * Returns the decrease of {@code live} by disconnects.
     *
     * @param closed how many connections of a visit disconnected
     * @param end the effect on the visit; null if the visit has no stored state, which counts as its end
     * @return the number
     */
    public int liveDecrease(int closed, @Nullable VisitEnd end) {
        if (countingMode == CountingMode.CONNECTIONS) {
            return closed;
        }
        return end == null || end.last() ? 1 : 0;
    }
}
