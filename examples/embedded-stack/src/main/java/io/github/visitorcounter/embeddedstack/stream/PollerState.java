package io.github.visitorcounter.embeddedstack.stream;

import java.time.Duration;

/** The stop flag of a poller, and its interruptible wait. */
interface PollerState {

    boolean running();

    /**
     * Waits.
     *
     * @param duration the maximum time; the wait ends early if the poller is stopped
     */
    void pause(Duration duration) throws InterruptedException;
}
