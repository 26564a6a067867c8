package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.internal.time.Deadline;

/** Requests broadcasts of changes that the stream does not broadcast. Thread-safe. */
public interface BroadcastRequester {

    /**
     * Requests that the broadcasting function sends a counter's newest count to all its connections. The request may be
     * repeated.
     *
     * @param counterId the counter
     * @param deadline when to give up
     * @throws io.github.visitorcounter.ServiceUnavailableException if the request could not be made in time
     */
    void request(String counterId, Deadline deadline);
}
