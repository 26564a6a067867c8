package io.github.visitorcounter.internal.time;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;

/** The only way in which this library reads the clock, waits, or throws dice, so that a test can decide all three. */
public interface TimeSource {

    /**
     * Returns the current time.
     *
     * @return now
     */
    Instant now();

    /**
     * Waits.
     *
     * @param duration how long; nothing happens when it is zero or negative
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Takes the next element, waiting for one if there is none yet.
     *
     * @param <T> what the queue holds
     * @param queue where other threads put elements
     * @param atMost how long to wait
     * @return the element, or null when none came in time
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) throws InterruptedException;

    /**
     * Draws where in its range a wait ends, so that those who wait for the same thing don't come back together.
     *
     * @return from 0 (inclusive) to 1 (exclusive)
     */
    default double jitter() {
        return SecureRandomSource.next();
    }

    /**
     * Returns the time of this machine.
     *
     * @return a timeSource that really waits
     */
    static TimeSource system() {
        return new SystemTimeSource();
    }
}
