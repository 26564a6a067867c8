package io.github.visitorcounter.embeddedstack.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was started, the last first, within a time limit. */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration HURRY = Duration.ofSeconds(3);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    /** Remembers something to close, before everything that was started earlier. */
    <T extends AutoCloseable> T add(T closeable) {
        started.push(closeable);
        return closeable;
    }

    /** Closes everything once. After ten seconds whoever still waits for something is interrupted, and so on to the end. */
    synchronized void run() {
        if (started.isEmpty()) {
            return;
        }
        Thread closer = new Thread(this::closeAll, "embedded-stack-close");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(PATIENCE.toMillis());
            if (closer.isAlive()) {
                LOG.warn("The stack did not stop within {}; what still runs is abandoned", PATIENCE);
                closer.interrupt();
                closer.join(HURRY.toMillis());
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
