package io.github.visitorcounter.testing;

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

/** A gateway's posts in memory. Whatever isn't scripted is delivered to connections that are open, and gone for others. */
public final class FakePoster implements Poster {

    /** Outcomes of posts that failed, as API Gateway says why. */
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
    private int mostUnderWay;

    /** Opens a connection. */
    public synchronized void open(String connectionId) {
        received.putIfAbsent(connectionId, new ArrayList<>());
    }

    /** Closes a connection. */
    public synchronized void close(String connectionId) {
        received.remove(connectionId);
    }

    /** Answers the next posts to a connection like this, before it behaves by itself again. */
    public synchronized void script(String connectionId, PostOutcome... outcomes) {
        scripts.computeIfAbsent(connectionId, id -> new ArrayDeque<>()).addAll(List.of(outcomes));
    }

    /** Keeps answers back until {@link #release()}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Keeps the answers of one connection back until {@link #release()}. */
    public synchronized void hang(String connectionId) {
        hanging.add(connectionId);
    }

    /** Gives all answers that were kept back. */
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
            mostUnderWay = Math.max(mostUnderWay, underWay);
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

    /** What a connection received, in order. */
    public synchronized List<String> received(String connectionId) {
        return List.copyOf(received.getOrDefault(connectionId, List.of()));
    }

    /** Who was posted to, in order. */
    public synchronized List<String> order() {
        return List.copyOf(order);
    }

    /** How often a connection was posted to. */
    public synchronized int attempts(String connectionId) {
        return attempts.getOrDefault(connectionId, 0);
    }

    /** How many posts were under way at once. */
    public synchronized int mostUnderWay() {
        return mostUnderWay;
    }
}
