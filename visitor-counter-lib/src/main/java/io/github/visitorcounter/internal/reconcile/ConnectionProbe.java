package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks API Gateway whether connections are open. Thread-safe. */
@FunctionalInterface
public interface ConnectionProbe {

    /** Always returns {@link Answer#UNKNOWN}. */
    ConnectionProbe NONE = connectionId -> CompletableFuture.completedFuture(Answer.UNKNOWN);

    /**
     * The result of a probe.
     *
     * @param state the connection's state
     * @param failure why the state is unknown; null if it is known, or if no call was made
     */
    record Answer(State state, @Nullable FailedCall failure) {

        public static final Answer OPEN = new Answer(State.OPEN, null);
        public static final Answer GONE = new Answer(State.GONE, null);
        public static final Answer UNKNOWN = new Answer(State.UNKNOWN, null);
    }

    /** The state of a connection. */
    enum State {
        /** The connection is open. */
        OPEN,
        /** 410: it is closed, or its handshake is not finished yet. */
        GONE,
        /** The call was throttled, forbidden, or failed. */
        UNKNOWN
    }

    /**
     * Probes a connection once.
     *
     * @param connectionId API Gateway's id of the connection
     * @return a stage that completes with the result within the probe's timeout, on any thread; never exceptionally
     */
    CompletionStage<Answer> ask(String connectionId);
}
