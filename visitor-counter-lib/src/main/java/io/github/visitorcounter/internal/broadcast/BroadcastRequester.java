package io.github.visitorcounter.internal.broadcast;

import io.github.visitorcounter.internal.time.Deadline;

/** Asks for a broadcast where no stream does. Thread-safe. */
public interface BroadcastRequester {

    /**
     * Asks the broadcasting function to tell everyone a counter's newest count. It may be asked twice; everyone is told the
     * newest count then.
     *
     * @param counterId which counter
     * @param deadline when to give up
     * @throws io.github.visitorcounter.ServiceUnavailableException if the request could not be made in time
     */
    void announce(String counterId, Deadline deadline);
}
