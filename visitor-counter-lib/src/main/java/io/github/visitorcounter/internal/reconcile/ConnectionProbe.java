package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.broadcast.delivery.FailedCall;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the gateway whether connections are still open. Thread-safe. */
@FunctionalInterface
public interface ConnectionProbe {

    /** Knows nothing. */
    ConnectionProbe NONE = connectionId -> CompletableFuture.completedFuture(Answer.UNKNOWN);

    /**
     * What the gateway says.
     *
     * @param state the connection's state
     * @param failure why the state is unknown; null when it is known, or when nobody asked
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
        /** No answer, or another one: throttled, forbidden, failed. */
        UNKNOWN
    }

    /**
     * Asks once about a connection.
     *
     * @param connectionId API Gateway's id of the connection
     * @return completes with the answer, within the probe's own timeout, on any thread; never fails
     */
    CompletionStage<Answer> ask(String connectionId);
}
