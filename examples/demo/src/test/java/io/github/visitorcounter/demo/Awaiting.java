package io.github.visitorcounter.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions that can only be polled. */
final class Awaiting {

    private Awaiting() {}

    static void until(Duration patience, long pollMillis, BooleanSupplier condition, Supplier<String> description) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Waited " + patience.toSeconds() + " s for " + description.get());
            }
            pause(pollMillis);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting", interrupted);
        }
    }
}
