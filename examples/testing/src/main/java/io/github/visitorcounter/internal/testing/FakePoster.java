package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome;
import io.github.visitorcounter.internal.broadcast.delivery.PostOutcome.Kind;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An in-memory poster. Posts without a scripted outcome are delivered to open connections, and answered 410 for others.
 */
public final class FakePoster implements Poster {

    /** Outcomes of failed posts, with the failures of API Gateway. */
    public static final PostOutcome THROTTLED = failed(Kind.THROTTLED, 429, "LimitExceededException");

    public static final PostOutcome UNAVAILABLE = failed(Kind.UNAVAILABLE, 500, "InternalServerError");
    public static final PostOutcome REJECTED = failed(Kind.REJECTED, 403, "ForbiddenException");

    private static PostOutcome failed(Kind kind, int status, String errorType) {
        return new PostOutcome(kind, new FailedCall("PostToConnection", status, errorType, "on purpose", "the test"));
    }

    private final Map<String, List<String>> received = new HashMap<>();
    private final Map<String, Deque<PostOutcome>> scripts = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Set<String> hanging = new HashSet<>();
    private final List<String> order = new ArrayList<>();
    private boolean holding;
    private final List<Runnable> held = new ArrayList<>();
    private int underWay;
    private int maxConcurrent;

    /** Opens a connection. */
    public synchronized void open(String connectionId) {
        received.putIfAbsent(connectionId, new ArrayList<>());
    }

    /** Closes a connection. */
    public synchronized void close(String connectionId) {
        received.remove(connectionId);
    }

    /** Returns whether a connection is open. */
    public synchronized boolean isOpen(String connectionId) {
        return received.containsKey(connectionId);
    }

    /** Scripts the outcomes of the next posts to a connection. */
    public synchronized void script(String connectionId, PostOutcome... outcomes) {
        scripts.computeIfAbsent(connectionId, id -> new ArrayDeque<>()).addAll(List.of(outcomes));
    }

    /** Holds answers back until {@link #release()}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Holds the answers of one connection back until {@link #release()}. */
    public synchronized void hang(String connectionId) {
        hanging.add(connectionId);
    }

    /** Completes all answers that were held back. */
    public void release() {
        List<Runnable> answers;
        synchronized (this) {
            holding = false;
            hanging.clear();
            answers = List.copyOf(held);
            held.clear();
        }
        answers.forEach(Runnable::run);
    }

    @Override
    public CompletionStage<PostOutcome> post(String connectionId, String message) {
        CompletableFuture<PostOutcome> answer = new CompletableFuture<>();
        synchronized (this) {
            attempts.merge(connectionId, 1, Integer::sum);
            underWay++;
            maxConcurrent = Math.max(maxConcurrent, underWay);
            order.add(connectionId);
            if (holding || hanging.contains(connectionId)) {
                held.add(() -> answer.complete(settle(connectionId, message)));
                return answer;
            }
        }
        answer.complete(settle(connectionId, message));
        return answer;
    }

    private synchronized PostOutcome settle(String connectionId, String message) {
        underWay--;
        Deque<PostOutcome> script = scripts.getOrDefault(connectionId, new ArrayDeque<>());
        List<String> inbox = received.get(connectionId);
        PostOutcome outcome =
                !script.isEmpty() ? script.remove() : inbox == null ? PostOutcome.GONE : PostOutcome.DELIVERED;
        if (outcome.kind() == Kind.DELIVERED && inbox != null) {
            inbox.add(message);
        }
        return outcome;
    }

    /** Returns the messages that a connection received, in order. */
    public synchronized List<String> received(String connectionId) {
        return List.copyOf(received.getOrDefault(connectionId, List.of()));
    }

    /** Returns the connections of all posts, in order. */
    public synchronized List<String> order() {
        return List.copyOf(order);
    }

    /** Returns the number of posts to a connection. */
    public synchronized int attempts(String connectionId) {
        return attempts.getOrDefault(connectionId, 0);
    }

    /** Returns the maximum of concurrent posts. */
    public synchronized int maxConcurrent() {
        return maxConcurrent;
    }
}
