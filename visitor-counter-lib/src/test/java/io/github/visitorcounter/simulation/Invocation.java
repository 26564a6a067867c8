package io.github.visitorcounter.simulation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One run of a function. */
final class Invocation {

    /**
     * How an invocation ended.
     *
     * @param body what the function answered; null when it failed or died
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

    /** For traces. */
    String name() {
        return name;
    }

    Deployment deployment() {
        return deployment;
    }

    /** When Lambda ends it by force. */
    long endsAt() {
        return endsAt;
    }

    boolean isOver() {
        return over;
    }

    List<Scheduler.Actor> actors() {
        return actors;
    }

    /** Whether no other thread of it is at work. */
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

    /** A call of AWS ended: after one that failed, waiting is its retry's backoff. */
    void callEnds(boolean failed) {
        lastCallFailed = failed;
    }

    boolean backsOff() {
        return lastCallFailed;
    }

    /** It waited although no call was under way; returns how long it has done so in all, in microseconds. */
    long idles(long micros) {
        idleMicros += micros;
        return idleMicros;
    }

    /** Takes a step; says whether it is the one in which the function dies. */
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
