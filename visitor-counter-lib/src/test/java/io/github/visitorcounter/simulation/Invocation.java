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
    private final int depth;
    private final long endsAt;
    private final Consumer<Answer> whenOver;
    private final List<Scheduler.Actor> actors = new ArrayList<>();
    private int stepsToCrash;
    private boolean over;

    Invocation(
            String function,
            String requestId,
            String name,
            Deployment deployment,
            int depth,
            long endsAt,
            int stepsToCrash,
            Consumer<Answer> whenOver) {
        this.function = function;
        this.requestId = requestId;
        this.name = name;
        this.deployment = deployment;
        this.depth = depth;
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

    /** How many invocations of the function led here. */
    int depth() {
        return depth;
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
