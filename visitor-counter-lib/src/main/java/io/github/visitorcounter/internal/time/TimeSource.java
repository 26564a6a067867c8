package io.github.visitorcounter.internal.time;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;

/** The clock, waits and random delays. The library uses no other source, so that tests control all three. */
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
     * Takes the next element of a queue, waiting if it is empty.
     *
     * @param <T> the type of the elements
     * @param queue the queue
     * @param timeout how long to wait
     * @return the element, or null if the timeout elapsed
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) throws InterruptedException;

    /**
     * Returns a random number for the length of a wait, so that concurrent waits do not end at the same time.
     *
     * @return from 0 (inclusive) to 1 (exclusive)
     */
    default double jitter() {
        return SecureRandomSource.next();
    }

    /**
     * Returns the system's time source.
     *
     * @return a time source that uses the system clock and really waits
     */
    static TimeSource system() {
        return new SystemTimeSource();
    }
}
