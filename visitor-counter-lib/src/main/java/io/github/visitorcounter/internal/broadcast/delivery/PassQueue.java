package io.github.visitorcounter.internal.broadcast.delivery;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.PageRequest;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;

/** The attempts of a pass (ready, under way, or waiting for a retry) and the progress of its pages. Not thread-safe. */
final class PassQueue {

    /** About one page: the next one is read while these attempts are posted. */
    private static final int READ_AHEAD = 1_000;

    private static final FailedCall NOT_ANSWERED = new FailedCall(
            PostOutcome.OPERATION,
            0,
            "NotAnswered",
            "API Gateway did not answer before the end of the pass",
            "whether it recurs: one slow client is harmless; many mean a slow network or API Gateway");

    /**
     * One attempt to post to a connection.
     *
     * @param connection the connection
     * @param number the number of earlier attempts
     * @param gone how many of them were answered 410
     * @param failure why the previous attempt failed, or null
     * @param due the earliest time of the attempt
     * @param page the page of the connection
     */
    record Attempt(
            Connection connection,
            int number,
            int gone,
            @Nullable FailedCall failure,
            Instant due,
            PageProgress page) {}

    /** The number of connections of a page that are not settled. */
    static final class PageProgress {
        private final @Nullable PageRequest request;
        private int open;

        PageProgress(@Nullable PageRequest request, int open) {
            this.request = request;
            this.open = open;
        }
    }

    private final Deque<Attempt> ready = new ArrayDeque<>();
    private final Queue<Attempt> waiting = new PriorityQueue<>(Comparator.comparing(Attempt::due));
    private final Set<Attempt> underWay = new LinkedHashSet<>();
    private final Deque<PageProgress> pages = new ArrayDeque<>();
    private final Set<String> named = new HashSet<>();
    private final @Nullable PageRequest firstPage;

    private @Nullable PageRequest nextPage;
    private boolean reading;
    private int untried;

    /** Starts with the named connections; they are skipped when a page contains them. */
    PassQueue(List<Connection> first, @Nullable PageRequest pages) {
        this.firstPage = pages;
        this.nextPage = pages;
        first.forEach(connection -> named.add(connection.connectionId()));
        // Their rows may be on any page: the pass resumes at the first page until all of them are settled.
        add(first, new PageProgress(pages, first.size()));
    }

    private void add(List<Connection> connections, PageProgress page) {
        pages.add(page);
        untried += connections.size();
        connections.forEach(
                connection -> ready.add(new Attempt(connection, 0, 0, null, connection.connectedAt(), page)));
    }

    boolean isFinished() {
        return nextPage == null && ready.isEmpty() && waiting.isEmpty() && underWay.isEmpty();
    }

    /** Returns whether every connection has been tried once. */
    boolean isTail() {
        return nextPage == null && untried == 0;
    }

    /** Returns whether no event is possible before the next attempt is due. */
    boolean isIdle() {
        return !reading && ready.isEmpty() && underWay.isEmpty();
    }

    /** Returns the page to read now, or null. */
    @Nullable
    PageRequest beginPage() {
        if (nextPage == null || reading || ready.size() >= READ_AHEAD) {
            return null;
        }
        reading = true;
        return nextPage;
    }

    /** Adds the requested page; returns the number of connections added. */
    int add(ConnectionPage page) {
        PageRequest request = nextPage;
        if (request == null) {
            throw new IllegalStateException("A page was read that had not been requested");
        }
        reading = false;
        List<Connection> others = page.connections().stream()
                .filter(connection -> !named.contains(connection.connectionId()))
                .toList();
        pages.removeIf(earlier -> earlier.open == 0);
        add(others, new PageProgress(request, others.size()));
        nextPage = page.next() == null ? null : request.from(page.next());
        return others.size();
    }

    /** Makes the due attempts ready. */
    void wake(Instant now) {
        for (Attempt next = waiting.peek(); next != null && !next.due().isAfter(now); next = waiting.peek()) {
            ready.add(waiting.remove());
        }
    }

    int underWay() {
        return underWay.size();
    }

    /** Returns the next ready attempt and marks it as under way; returns null if no attempt is ready. */
    @Nullable
    Attempt begin() {
        Attempt attempt = ready.poll();
        if (attempt != null) {
            underWay.add(attempt);
            if (attempt.number() == 0) {
                untried--;
            }
        }
        return attempt;
    }

    void ended(Attempt attempt) {
        underWay.remove(attempt);
    }

    void tryAgain(Attempt attempt, boolean gone, @Nullable FailedCall failure, Instant due) {
        waiting.add(new Attempt(
                attempt.connection(),
                attempt.number() + 1,
                attempt.gone() + (gone ? 1 : 0),
                failure,
                due,
                attempt.page()));
    }

    /** Marks the connection as settled: this pass does not post to it again. */
    void settled(Attempt attempt) {
        attempt.page().open--;
    }

    /** Returns when the next waiting attempt is due, or null. */
    @Nullable
    Instant nextDue() {
        Attempt next = waiting.peek();
        return next == null ? null : next.due();
    }

    /** Returns the connections that are not settled. */
    List<Connection> open() {
        List<Connection> open = new ArrayList<>();
        ready.forEach(attempt -> open.add(attempt.connection()));
        waiting.forEach(attempt -> open.add(attempt.connection()));
        underWay.forEach(attempt -> open.add(attempt.connection()));
        return open;
    }

    /** Returns one failure for each open connection that the pass has posted to. */
    List<FailedCall> openFailures() {
        List<FailedCall> failures = new ArrayList<>();
        Stream.of(ready, waiting, underWay).flatMap(Collection::stream).forEach(attempt -> {
            if (attempt.failure() != null) {
                failures.add(attempt.failure());
            }
        });
        underWay.stream().filter(attempt -> attempt.number() == 0).forEach(attempt -> failures.add(NOT_ANSWERED));
        return failures;
    }

    /** Returns the first page with an unsettled connection, or the next unread page; null if the pass has no pages. */
    @Nullable
    PageRequest resumeAt() {
        for (PageProgress page : pages) {
            if (page.open > 0) {
                return page.request;
            }
        }
        return nextPage == null ? firstPage : nextPage;
    }
}
