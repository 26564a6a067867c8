package io.github.visitorcounter.internal.broadcast.delivery;

import java.util.concurrent.CompletionStage;

/** Posts messages to connections. Thread-safe. */
public interface Poster {

    /**
     * Posts a message once, without retries.
     *
     * @param connectionId API Gateway's id of the connection
     * @param message the text to send
     * @return a stage that completes with the outcome within the poster's timeout, on any thread; it never fails
     */
    CompletionStage<PostOutcome> post(String connectionId, String message);
}
