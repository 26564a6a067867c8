package io.github.visitorcounter.internal.broadcast.delivery;

import java.util.concurrent.CompletionStage;

/** Posts messages to connections. Thread-safe. */
public interface Poster {

    /**
     * Tries once to post a message; it does not retry.
     *
     * @param connectionId API Gateway's id of the connection
     * @param message the text to send
     * @return completes with the outcome, within the poster's own timeout, on any thread; never fails
     */
    CompletionStage<PostOutcome> post(String connectionId, String message);
}
