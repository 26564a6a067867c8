package io.github.visitorcounter.embeddedstack.stream;

import java.time.Duration;

/** Whether a poller is still wanted, and its way to wait. */
interface PollerState {

    boolean running();

    /**
     * Waits.
     *
     * @param duration for how long; shorter when the poller is stopped meanwhile
     */
    void pause(Duration duration) throws InterruptedException;
}
