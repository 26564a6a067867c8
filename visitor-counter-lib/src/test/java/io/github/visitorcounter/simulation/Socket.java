package io.github.visitorcounter.simulation;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** A connection, as seen by API Gateway and by the page. */
final class Socket {

    /** The state at API Gateway. */
    enum State {
        HANDSHAKE,
        OPEN,
        CLOSED
    }

    /** A message that reached the page. */
    record Received(long at, VisitorCount count) {
        long version() {
            return count.version();
        }
    }

    private static final long A_MINUTE = 60_000_000;

    private final String connectionId;
    private final String counterId;
    private final long connectedAt;
    private final @Nullable String visit;
    private final @Nullable String visitor;
    private final boolean onlyWatches;
    private final List<Received> received = new ArrayList<>();
    private State state = State.HANDSHAKE;
    private long openedAt = Long.MAX_VALUE;
    private long closedAt = Long.MAX_VALUE;
    private boolean accepted;
    private boolean clientThere = true;
    private boolean bad;
    private final List<Long> falseAnswers = new ArrayList<>();

    Socket(
            String connectionId,
            String counterId,
            long connectedAt,
            @Nullable String visit,
            @Nullable String visitor,
            boolean onlyWatches) {
        this.connectionId = connectionId;
        this.counterId = counterId;
        this.connectedAt = connectedAt;
        this.visit = visit;
        this.visitor = visitor;
        this.onlyWatches = onlyWatches;
    }

    String connectionId() {
        return connectionId;
    }

    String counterId() {
        return counterId;
    }

    /** The visit id that the page sent. */
    @Nullable
    String visit() {
        return visit;
    }

    /** The visitor id that the page sent. */
    @Nullable
    String visitor() {
        return visitor;
    }

    boolean onlyWatches() {
        return onlyWatches;
    }

    long connectedAt() {
        return connectedAt;
    }

    State state() {
        return state;
    }

    boolean isClientThere() {
        return clientThere;
    }

    /** Whether the connect function accepted it. */
    boolean isAccepted() {
        return accepted;
    }

    void accept() {
        accepted = true;
    }

    void open(long now) {
        state = State.OPEN;
        openedAt = now;
    }

    void close(long now) {
        state = State.CLOSED;
        closedAt = now;
        clientThere = false;
    }

    void clientVanishes() {
        clientThere = false;
    }

    /** Posts to it are never answered. */
    boolean isBad() {
        return bad;
    }

    /** Returns whether a false 410 is answered now; at most two within a minute. */
    boolean answersFalsely(boolean isTime, long now) {
        falseAnswers.removeIf(at -> at < now - A_MINUTE);
        return isTime && falseAnswers.size() < 2 && falseAnswers.add(now);
    }

    void turnBad() {
        bad = true;
    }

    long openedAt() {
        return openedAt;
    }

    long closedAt() {
        return closedAt;
    }

    boolean isReachable() {
        return state == State.OPEN && clientThere && !bad;
    }

    void receive(long now, VisitorCount count) {
        received.add(new Received(now, count));
    }

    List<Received> received(String ofCounter) {
        return received.stream()
                .filter(one -> one.count().counterId().equals(ofCounter))
                .toList();
    }

    boolean hasReceived(String ofCounter, Predicate<VisitorCount> count, long since) {
        return received(ofCounter).stream().anyMatch(one -> one.at() >= since && count.test(one.count()));
    }

    /** The count of a counter that the page shows: the newest one that it has received. */
    VisitorCount shown(String ofCounter) {
        return received(ofCounter).stream()
                .map(Received::count)
                .max(Comparator.comparingLong(VisitorCount::version))
                .orElse(VisitorCount.none(ofCounter));
    }
}
