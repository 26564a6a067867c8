package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.function.DoubleSupplier;

/** A time source whose time advances only by waits. Not thread-safe. */
public final class ManualTimeSource implements TimeSource {

    private final List<Duration> waits = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");

    private final DoubleSupplier jitter;

    /** A fixed seed, so that tests are reproducible. */
    public ManualTimeSource() {
        this(new Random(7)::nextDouble);
    }

    public ManualTimeSource(DoubleSupplier jitter) {
        this.jitter = jitter;
    }

    @Override
    public double jitter() {
        return jitter.getAsDouble();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        waits.add(duration);
        Runnable event = meanwhile;
        meanwhile = () -> {};
        event.run();
        now = now.plus(duration);
    }

    /** Runs an action at the beginning of the next wait. */
    public void duringTheNextSleep(Runnable event) {
        meanwhile = event;
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) {
        T next = queue.poll();
        if (next == null) {
            sleep(atMost);
        }
        return next;
    }

    /** Returns all waits, in order. */
    public List<Duration> waits() {
        return List.copyOf(waits);
    }
}
