package io.github.visitorcounter.simulation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An invocation of a function. */
final class Invocation {

    /**
     * How an invocation ended.
     *
     * @param body the response; null if the function failed or crashed
     */
    record Answer(@Nullable String body) {
        boolean isOk() {
            return body != null;
        }
    }

    private final String function;
    private final String requestId;
    private final String name;
    private final Deployment deployment;
    private final long endsAt;
    private final Consumer<Answer> whenOver;
    private final List<Scheduler.Actor> actors = new ArrayList<>();
    private int stepsToCrash;
    private boolean over;
    private int postsUnderWay;
    private boolean lastCallFailed;
    private long idleMicros;

    Invocation(
            String function,
            String requestId,
            String name,
            Deployment deployment,
            long endsAt,
            int stepsToCrash,
            Consumer<Answer> whenOver) {
        this.function = function;
        this.requestId = requestId;
        this.name = name;
        this.deployment = deployment;
        this.endsAt = endsAt;
        this.stepsToCrash = stepsToCrash;
        this.whenOver = whenOver;
    }

    String function() {
        return function;
    }

    String requestId() {
        return requestId;
    }

    /** The name in traces. */
    String name() {
        return name;
    }

    Deployment deployment() {
        return deployment;
    }

    /** When its timeout ends it. */
    long endsAt() {
        return endsAt;
    }

    boolean isOver() {
        return over;
    }

    List<Scheduler.Actor> actors() {
        return actors;
    }

    /** Returns whether no other thread of it runs. */
    boolean isAlone(Scheduler.@Nullable Actor actor) {
        return actors.stream().allMatch(other -> other == actor || other.isFinished());
    }

    void postBegins() {
        postsUnderWay++;
    }

    void postEnds() {
        postsUnderWay--;
    }

    int postsUnderWay() {
        return postsUnderWay;
    }

    /** Records the end of an AWS call; a wait after a failed call is backoff. */
    void callEnds(boolean failed) {
        lastCallFailed = failed;
    }

    boolean backsOff() {
        return lastCallFailed;
    }

    /** Records a wait without a pending call; returns the sum of such waits, in microseconds. */
    long idles(long micros) {
        idleMicros += micros;
        return idleMicros;
    }

    /** Takes a step; returns whether the function crashes at it. */
    boolean diesNow() {
        return stepsToCrash > 0 && --stepsToCrash == 0;
    }

    void end(Answer answer) {
        if (!over) {
            over = true;
            whenOver.accept(answer);
        }
    }
}
