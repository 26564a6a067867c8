package io.github.visitorcounter.embeddedstack.client;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a client has received, in order, and how its connection ended. Thread-safe. */
final class ReceivedMessages {

    private final List<String> messages = new ArrayList<>();
    private int taken;
    private WebSocketClient.@Nullable Close close;

    synchronized void add(String message) {
        messages.add(message);
        notifyAll();
    }

    synchronized void closed(WebSocketClient.Close newClose) {
        if (close == null) {
            close = newClose;
            notifyAll();
        }
    }

    synchronized List<String> all() {
        return List.copyOf(messages);
    }

    synchronized boolean isClosed() {
        return close != null;
    }

    /** Removes and returns the first matching message; messages before it are skipped. */
    synchronized String take(String description, Predicate<String> wanted, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        int from = taken;
        int next = taken;
        while (true) {
            for (; next < messages.size(); next++) {
                if (wanted.test(messages.get(next))) {
                    taken = next + 1;
                    return messages.get(next);
                }
            }
            if (close != null || !awaitChange(deadline)) {
                throw new AssertionError(failure("No " + description, timeout, from));
            }
        }
    }

    synchronized WebSocketClient.Close awaitClose(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (close == null) {
            if (!awaitChange(deadline)) {
                throw new AssertionError(failure("The connection was not closed", timeout, taken));
            }
        }
        return close;
    }

    /** Waits for a message or the close; returns false if the deadline has passed. Called with the lock held. */
    private boolean awaitChange(long deadline) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a message", e);
        }
    }

    private String failure(String what, Duration timeout, int from) {
        List<String> instead = messages.subList(from, messages.size());
        return what + (close == null ? " within " + timeout : "; the connection was closed with " + close)
                + ". Received instead: " + (instead.isEmpty() ? "nothing" : "\n  " + String.join("\n  ", instead))
                + (from == 0 ? "" : "\nReceived before: \n  " + String.join("\n  ", messages.subList(0, from)));
    }
}
