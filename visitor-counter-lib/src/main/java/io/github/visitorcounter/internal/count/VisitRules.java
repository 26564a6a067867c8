package io.github.visitorcounter.internal.count;

import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CountingMode;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * What comings and goings mean for {@code live} and {@code total}. A visit is in {@code total} once, however often its page
 * reconnects, as long as no more than the window lies between an end and the next beginning. Pure decisions: stores carry them
 * out. Immutable.
 *
 * @param window how long after its last disconnect a visit goes on when it comes back; zero when it doesn't
 * @param countingMode what {@code live} counts
 */
public record VisitRules(Duration window, CountingMode countingMode) {

    /**
     * Returns the key by which a connection is counted together with others.
     *
     * @param request what the page said
     * @return the id of the visitor where visitors are counted and the page gave one, else that of the visit; not checked yet. Null
     *     when the connection is a visit of its own
     */
    public @Nullable String keyOf(ConnectRequest request) {
        if (countingMode == CountingMode.VISITORS && request.visitor() != null) {
            return request.visitor();
        }
        return countingMode == CountingMode.CONNECTIONS && window.isZero() ? null : request.visit();
    }

    /**
     * Tells whether a connection was counted before, whatever became of it since. A connection that is a visit of its own starts
     * it once; whether another one starts its visit again cannot be told.
     *
     * @param connection the connection
     * @param visit what is kept of its visit, or null
     * @return true if its {@code $connect} event is a duplicate
     */
    public static boolean isDuplicate(Connection connection, @Nullable Visit visit) {
        return visit != null && connection.visit() == null && visit.expiresAt().isAfter(connection.connectedAt());
    }

    /**
     * Decides what an arrival is.
     *
     * @param visit what is kept of the visit, or null when nothing is
     * @param connectedAt when the connection was accepted
     * @return what it is
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
     * Returns until when an end makes the next beginning a new visit.
     *
     * @param connectedAt the next beginning
     * @return the time; a visit that ended later goes on
     */
    public Instant resumableAfter(Instant connectedAt) {
        return connectedAt.minus(window);
    }

    /**
     * Returns when a visit is forgotten if nobody else comes.
     *
     * @param connection who came
     * @return the time
     */
    public Instant expiresAt(Connection connection) {
        return connection.expiresAt().plus(window);
    }

    /**
     * Returns what an arrival adds to {@code total}.
     *
     * @param start what it is
     * @return 1 or 0
     */
    public int totalIncrease(VisitStart start) {
        return start == VisitStart.NEW ? 1 : 0;
    }

    /**
     * Returns what an arrival adds to {@code live}.
     *
     * @param start what it is
     * @return 1 or 0
     */
    public int liveIncrease(VisitStart start) {
        return countingMode != CountingMode.CONNECTIONS && start == VisitStart.CONCURRENT ? 0 : 1;
    }

    /**
     * Decides what a departure is.
     *
     * @param visit what is kept of the visit
     * @param leaving how many of its connections leave
     * @param at when
     * @return what it is
     */
    public VisitEnd end(Visit visit, int leaving, Instant at) {
        Instant before = visit.endedAt();
        return new VisitEnd(visit.open() <= leaving, before != null && before.isAfter(at) ? before : at);
    }

    /**
     * Returns what a departure takes from {@code live}.
     *
     * @param leaving how many connections of a visit leave
     * @param end what that is to the visit; null when nothing is known of the visit, which then ends
     * @return the number
     */
    public int liveDecrease(int leaving, @Nullable VisitEnd end) {
        if (countingMode == CountingMode.CONNECTIONS) {
            return leaving;
        }
        return end == null || end.last() ? 1 : 0;
    }
}
