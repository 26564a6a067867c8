package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Posts one message to every connection of a counter.
 *
 * <p>One thread decides everything: it takes pages that were read and posts that were answered from a queue, and starts the
 * next ones. So nothing is shared but that queue, and no connection waits for another: a slow one occupies one of the
 * concurrent posts, one that must be tried again waits aside. The next page is read while the last one is posted; at most two
 * pages are in memory.
 */
final class BroadcastPass {

    /** A young connection is tried this often before the pass ends without it. */
    private static final int HANDSHAKE_ATTEMPTS = 5;

    /** Throttling passes, given time. */
    private static final int THROTTLED_ATTEMPTS = 10;

    /** A post that failed or was not answered in time has already cost the timeout each time. */
    private static final int UNAVAILABLE_ATTEMPTS = 3;

    /** One connection's turn. Attempts count from 0. */
    private record Turn(Connection connection, int attempt, Instant due) {}

    private sealed interface Event {
        record PageRead(ConnectionPage page) implements Event {}

        record PageFailed(RuntimeException failure) implements Event {}

        record Answered(Turn turn, PostOutcome outcome) implements Event {}
    }

    private final String message;
    private final StaleConnectionPolicy policy;
    private final Deadline deadline;
    private final ConnectionStore connections;
    private final Poster poster;
    private final Broadcaster.PassSettings settings;
    private final Timekeeper timekeeper;
    private final Executor pageReader;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Deque<Turn> ready = new ArrayDeque<>();
    private final Queue<Turn> waiting = new PriorityQueue<>(Comparator.comparing(Turn::due));
    private final List<String> toRemove = new ArrayList<>();
    private final Tally tally = new Tally();

    private @Nullable PageRequest nextPage;
    private boolean reading;
    private int underWay;

    BroadcastPass(
            String counterId,
            String message,
            StaleConnectionPolicy policy,
            Deadline deadline,
            ConnectionStore connections,
            Poster poster,
            Broadcaster.PassSettings settings,
            Timekeeper timekeeper,
            Executor pageReader) {
        this.message = message;
        this.policy = policy;
        this.deadline = deadline;
        this.connections = connections;
        this.poster = poster;
        this.settings = settings;
        this.timekeeper = timekeeper;
        this.pageReader = pageReader;
        this.nextPage = PageRequest.first(counterId);
    }

    /** Runs until every connection had its turn or the deadline comes. */
    void run() {
        while (!finished()) {
            Instant now = timekeeper.now();
            if (deadline.hasPassed(now)) {
                return;
            }
            readAhead();
            wake(now);
            postReady();
            Event event = await(untilNextEvent(now));
            if (event != null) {
                handle(event);
            }
        }
        tally.complete();
    }

    Tally tally() {
        return tally;
    }

    /** The connections that the policy wants counted out. */
    List<String> toRemove() {
        return toRemove;
    }

    private boolean finished() {
        return nextPage == null && ready.isEmpty() && waiting.isEmpty() && underWay == 0;
    }

    private void readAhead() {
        PageRequest request = nextPage;
        if (request == null || reading || ready.size() > settings.concurrency()) {
            return;
        }
        reading = true;
        pageReader.execute(() -> events.add(read(request)));
    }

    private Event read(PageRequest request) {
        try {
            return new Event.PageRead(connections.read(request, deadline));
        } catch (RuntimeException failure) {
            return new Event.PageFailed(failure);
        }
    }

    private void wake(Instant now) {
        for (Turn turn = waiting.peek(); turn != null && !turn.due().isAfter(now); turn = waiting.peek()) {
            ready.add(waiting.remove());
        }
    }

    private void postReady() {
        while (underWay < settings.concurrency() && !ready.isEmpty()) {
            Turn turn = ready.remove();
            underWay++;
            poster.post(turn.connection().connectionId(), message)
                    .whenComplete((outcome, failure) ->
                            events.add(new Event.Answered(turn, failure == null ? outcome : PostOutcome.UNAVAILABLE)));
        }
    }

    private Duration untilNextEvent(Instant now) {
        Duration untilDeadline = deadline.remaining(now);
        Turn turn = waiting.peek();
        if (turn == null) {
            return untilDeadline;
        }
        Duration untilDue = Duration.between(now, turn.due());
        return untilDue.compareTo(untilDeadline) < 0 ? untilDue : untilDeadline;
    }

    private @Nullable Event await(Duration atMost) {
        try {
            return timekeeper.poll(events, atMost);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException("The broadcast was interrupted", interruption);
        }
    }

    private void handle(Event event) {
        if (event instanceof Event.PageRead read) {
            reading = false;
            add(read.page());
        } else if (event instanceof Event.Answered answered) {
            underWay--;
            settle(answered.turn(), answered.outcome());
        } else if (event instanceof Event.PageFailed failed) {
            throw failed.failure();
        }
    }

    private void add(ConnectionPage page) {
        tally.audience(page.connections().size());
        for (Connection connection : page.connections()) {
            ready.add(new Turn(connection, 0, connection.connectedAt()));
        }
        String next = page.next();
        nextPage = next == null || nextPage == null ? null : nextPage.from(next);
    }

    private void settle(Turn turn, PostOutcome outcome) {
        switch (outcome) {
            case DELIVERED -> tally.delivered();
            case GONE -> gone(turn);
            case THROTTLED -> tryAgain(turn, THROTTLED_ATTEMPTS, tally::failed);
            case UNAVAILABLE -> tryAgain(turn, UNAVAILABLE_ATTEMPTS, tally::failed);
            case REJECTED -> tally.failed();
        }
    }

    /** 410 means "closed" or "not open yet": only the connection's age tells which. */
    private void gone(Turn turn) {
        Duration age = turn.connection().age(timekeeper.now());
        if (age.compareTo(settings.handshakeGrace()) < 0) {
            tryAgain(turn, HANDSHAKE_ATTEMPTS, tally::notYetOpen);
            return;
        }
        tally.gone();
        if (policy.decide(new StaleConnection(turn.connection(), age)) == StaleConnectionPolicy.Decision.REMOVE) {
            toRemove.add(turn.connection().connectionId());
        }
    }

    private void tryAgain(Turn turn, int attempts, Runnable giveUp) {
        if (turn.attempt() + 1 >= attempts) {
            giveUp.run();
            return;
        }
        Instant due = timekeeper.now().plus(settings.backoff().delay(turn.attempt()));
        waiting.add(new Turn(turn.connection(), turn.attempt() + 1, due));
    }
}
