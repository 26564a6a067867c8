package io.github.visitorcounter.embeddedstack.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Closes the started parts in reverse order, within a time limit. */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(3);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    /** Registers a part, which is closed before those registered earlier. */
    <T extends AutoCloseable> T add(T closeable) {
        started.push(closeable);
        return closeable;
    }

    /**
     * Closes every part once. A part that is not closed after ten seconds is interrupted, and the next one is closed.
     */
    synchronized void run() {
        if (started.isEmpty()) {
            return;
        }
        Thread closer = new Thread(this::closeAll, "embedded-stack-close");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(CLOSE_TIMEOUT.toMillis());
            if (closer.isAlive()) {
                LOG.warn("The stack did not stop within {}; what still runs is abandoned", CLOSE_TIMEOUT);
                closer.interrupt();
                closer.join(INTERRUPT_GRACE.toMillis());
            }
        } catch (InterruptedException e) {
            closer.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        while (!started.isEmpty()) {
            AutoCloseable next = started.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", next.getClass().getSimpleName(), e);
            }
        }
    }
}
