package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Posts one message to connections.
 *
 * <p>One thread decides everything: it takes pages that were read and posts that were answered from a queue, and starts the
 * next ones. So nothing is shared but that queue, and no connection waits for another: a slow one occupies one of the
 * concurrent posts, one that must be tried again waits aside. The next page is read while the last one is posted; no more than
 * two wait to be posted. When everyone has been tried, the last ones get a little time; then they are stragglers.
 */
final class BroadcastPass {

    /** A handshake that is nearly finished is worth a moment, a longer one is not worth the others' waiting. */
    private static final int HANDSHAKE_ATTEMPTS = 3;

    private static final int THROTTLED_ATTEMPTS = 5;
    private static final int UNAVAILABLE_ATTEMPTS = 3;

    /** How long the last ones are waited for after everyone has been tried. */
    private static final Duration TAIL = Duration.ofSeconds(1);

    /** A page's worth: while it is posted, there is time to read the next one. */
    private static final int READ_AHEAD = 1_000;

    /** How a pass ended. */
    enum End {
        COMPLETE,
        OUT_OF_TIME,
        LEASE_LOST
    }

    /**
     * What to tell whom.
     *
     * @param message the text
     * @param first whom to tell before anybody else; they are not told a second time
     * @param pages where to begin to read the others; null when there are none
     */
    record Plan(
            String message,
            List<Connection> first,
            @Nullable PageRequest pages) {}

    /**
     * What was done.
     *
     * @param end how it ended
     * @param tally what became of the connections
     * @param stragglers who could not be told, but may be later
     * @param toRemove who is gone and to be counted out
     * @param cursor where to go on reading when the time ran out; null is the beginning
     */
    record Result(
            End end,
            PassTally tally,
            List<Connection> stragglers,
            List<String> toRemove,
            @Nullable String cursor) {}

    /** One attempt of a connection; attempts count from 0. */
    private record Attempt(Connection connection, int number, Instant due, PageProgress page) {}

    /** How many connections of a page have not had their turn. */
    private static final class PageProgress {
        private final @Nullable String cursor;
        private int open;

        PageProgress(@Nullable String cursor, int open) {
            this.cursor = cursor;
            this.open = open;
        }
    }

    private sealed interface Event {
        record PageRead(ConnectionPage page) implements Event {}

        record PageFailed(RuntimeException failure) implements Event {}

        record Answered(Attempt attempt, PostOutcome outcome) implements Event {}
    }

    private final Plan plan;
    private final PassPorts ports;
    private final StaleConnectionPolicy policy;
    private final Keepalive keepalive;
    private final Deadline deadline;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Deque<Attempt> ready = new ArrayDeque<>();
    private final Queue<Attempt> waiting = new PriorityQueue<>(Comparator.comparing(Attempt::due));
    private final Set<Attempt> underWay = new LinkedHashSet<>();
    private final Deque<PageProgress> pages = new ArrayDeque<>();
    private final Set<String> first = new HashSet<>();
    private final List<Connection> stragglers = new ArrayList<>();
    private final List<String> toRemove = new ArrayList<>();
    private final PostWindow window;

    private @Nullable PageRequest nextPage;
    private boolean reading;
    private int untried;
    private Instant tailEndsAt = Instant.MIN;
    private PassTally tally = PassTally.NONE;

    BroadcastPass(Plan plan, PassPorts ports, StaleConnectionPolicy policy, Keepalive keepalive, Deadline deadline) {
        this.plan = plan;
        this.ports = ports;
        this.policy = policy;
        this.keepalive = keepalive;
        this.deadline = deadline;
        this.window = new PostWindow(ports.concurrency());
        this.nextPage = plan.pages();
    }

    /** Runs until everyone had their turn, the deadline comes, or the lease is lost. */
    Result run() {
        plan.first().forEach(connection -> first.add(connection.connectionId()));
        // Their rows may be on any page: while one of them has not been told, the pages begin again at the first.
        PageProgress newcomers = new PageProgress(null, plan.first().size());
        pages.add(newcomers);
        line(plan.first(), newcomers);
        while (!finished()) {
            Instant now = ports.timekeeper().now();
            if (deadline.hasPassed(now)) {
                return result(End.OUT_OF_TIME);
            }
            if (!now.isBefore(keepalive.dueAt()) && !keepalive.renew(now)) {
                return result(End.LEASE_LOST);
            }
            if (onlyTheTailIsLeft() && !now.isBefore(tailEndsAt)) {
                break;
            }
            wake(now);
            postReady(now);
            readAhead();
            Event event = await(untilSomethingIsDue(now));
            if (event != null) {
                handle(event);
            }
        }
        ready.forEach(attempt -> stragglers.add(attempt.connection()));
        waiting.forEach(attempt -> stragglers.add(attempt.connection()));
        underWay.forEach(attempt -> stragglers.add(attempt.connection()));
        return result(End.COMPLETE);
    }

    private Result result(End end) {
        return new Result(end, tally, List.copyOf(stragglers), List.copyOf(toRemove), resumeCursor());
    }

    /** The beginning of the first page that has connections without a turn. */
    private @Nullable String resumeCursor() {
        for (PageProgress page : pages) {
            if (page.open > 0) {
                return page.cursor;
            }
        }
        return nextPage == null ? null : nextPage.cursor();
    }

    private boolean finished() {
        return nextPage == null && ready.isEmpty() && waiting.isEmpty() && underWay.isEmpty();
    }

    private boolean onlyTheTailIsLeft() {
        return nextPage == null && untried == 0;
    }

    private void line(List<Connection> connections, PageProgress page) {
        tally = tally.plus(new PassTally(connections.size(), 0, 0, 0, 0, 0, 0));
        untried += connections.size();
        for (Connection connection : connections) {
            ready.add(new Attempt(connection, 0, connection.connectedAt(), page));
        }
    }

    private void readAhead() {
        PageRequest request = nextPage;
        if (request == null || reading || ready.size() >= READ_AHEAD) {
            return;
        }
        reading = true;
        ports.pageReader().execute(() -> events.add(read(request)));
    }

    private Event read(PageRequest request) {
        try {
            return new Event.PageRead(ports.connections().read(request, deadline));
        } catch (RuntimeException failure) {
            return new Event.PageFailed(failure);
        }
    }

    private void wake(Instant now) {
        for (Attempt next = waiting.peek(); next != null && !next.due().isAfter(now); next = waiting.peek()) {
            ready.add(waiting.remove());
        }
    }

    private void postReady(Instant now) {
        while (window.admits(underWay.size()) && !ready.isEmpty()) {
            Attempt attempt = ready.remove();
            underWay.add(attempt);
            tally = tally.plus(new PassTally(0, 0, 0, 0, 0, 0, 1));
            if (attempt.number() == 0) {
                untried--;
                tailEndsAt = now.plus(TAIL);
            }
            ports.poster()
                    .post(attempt.connection().connectionId(), plan.message())
                    .whenComplete((outcome, failure) -> events.add(
                            new Event.Answered(attempt, failure == null ? outcome : PostOutcome.UNAVAILABLE)));
        }
    }

    private Duration untilSomethingIsDue(Instant now) {
        Instant due = earlier(deadline.at(), keepalive.dueAt());
        if (onlyTheTailIsLeft()) {
            due = earlier(due, tailEndsAt);
        }
        Attempt next = waiting.peek();
        if (next != null) {
            due = earlier(due, next.due());
        }
        return Duration.between(now, due);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private @Nullable Event await(Duration atMost) {
        try {
            return ports.timekeeper().poll(events, atMost);
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
            underWay.remove(answered.attempt());
            settle(answered.attempt(), answered.outcome());
        } else if (event instanceof Event.PageFailed failed) {
            throw failed.failure();
        }
    }

    private void add(ConnectionPage page) {
        PageRequest request = nextPage;
        if (request == null) {
            throw new IllegalStateException("A page came that was not asked for");
        }
        List<Connection> others = page.connections().stream()
                .filter(connection -> !first.contains(connection.connectionId()))
                .toList();
        pages.removeIf(earlier -> earlier.open == 0);
        PageProgress progress = new PageProgress(request.cursor(), others.size());
        pages.add(progress);
        line(others, progress);
        nextPage = page.next() == null ? null : request.from(page.next());
    }

    private void settle(Attempt attempt, PostOutcome outcome) {
        switch (outcome) {
            case DELIVERED -> {
                window.delivered();
                done(attempt, new PassTally(0, 1, 0, 0, 0, 0, 0));
            }
            case GONE -> gone(attempt);
            case THROTTLED -> {
                window.throttled(ports.timekeeper().now());
                tryAgain(attempt, THROTTLED_ATTEMPTS, new PassTally(0, 0, 0, 0, 1, 0, 0));
            }
            case UNAVAILABLE -> tryAgain(attempt, UNAVAILABLE_ATTEMPTS, new PassTally(0, 0, 0, 0, 1, 0, 0));
            case REJECTED -> done(attempt, new PassTally(0, 0, 0, 0, 1, 0, 0));
        }
    }

    private void done(Attempt attempt, PassTally outcome) {
        attempt.page().open--;
        tally = tally.plus(outcome);
    }

    /** 410 means "closed" or "not open yet": only the connection's age tells which. */
    private void gone(Attempt attempt) {
        Duration age = attempt.connection().age(ports.timekeeper().now());
        if (age.compareTo(ports.handshakeGrace()) < 0) {
            tryAgain(attempt, HANDSHAKE_ATTEMPTS, new PassTally(0, 0, 0, 1, 0, 0, 0));
            return;
        }
        done(attempt, new PassTally(0, 0, 1, 0, 0, 0, 0));
        if (policy.decide(new StaleConnection(attempt.connection(), age)) == StaleConnectionPolicy.Decision.REMOVE) {
            toRemove.add(attempt.connection().connectionId());
        }
    }

    private void tryAgain(Attempt attempt, int attempts, PassTally whenGivenUp) {
        int number = attempt.number() + 1;
        if (number >= attempts) {
            stragglers.add(attempt.connection());
            done(attempt, whenGivenUp);
            return;
        }
        Instant due = ports.timekeeper().now().plus(ports.backoff().delay(attempt.number()));
        waiting.add(new Attempt(attempt.connection(), number, due, attempt.page()));
    }
}
