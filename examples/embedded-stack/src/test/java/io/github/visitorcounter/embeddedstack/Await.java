package io.github.visitorcounter.embeddedstack;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for conditions without an event, up to a deadline. */
public final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Await() {}

    /** Returns as soon as the condition holds, and fails with its description at the deadline. */
    public static void until(String description, Callable<Boolean> condition) throws Exception {
        long deadlineNanos = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("Not within " + DEADLINE + ": " + description);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
