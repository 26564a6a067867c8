package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.time.Deadline;

/** Asks for a broadcast where no stream does. Thread-safe. */
public interface Announcer {

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
