package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.reconcile.ReconcileStore.Part;
import io.github.visitorcounter.internal.time.Deadline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Scans all connections: several segments at a time, so that few visitors come and go meanwhile, and beginning with another
 * segment each time, so that a table which is too large for the time is not always cut at the same place.
 */
final class ConnectionScanner {

    static final int SEGMENTS = 16;
    private static final int AT_ONCE = 4;

    /** So many expired connections wait in memory until the scan is over; more leave at once. */
    private static final int MOST_WAITING = 500;

    private final Reconciler.Ports ports;
    private final Reconciler.Settings settings;
    private final Removals expired;
    private final Deadline work;
    private final Deadline deadline;

    /** Set when a page was left unread. */
    private final AtomicBoolean cut = new AtomicBoolean();

    /**
     * Prepares a scan.
     *
     * @param work when to read no further page
     * @param deadline when to give up
     */
    ConnectionScanner(
            Reconciler.Ports ports, Reconciler.Settings settings, Removals expired, Deadline work, Deadline deadline) {
        this.ports = ports;
        this.settings = settings;
        this.expired = expired;
        this.work = work;
        this.deadline = deadline;
    }

    /** Adds all connections to a census; returns false when there was only time for some. */
    boolean take(ConnectionScan all) {
        Queue<Part> segments = new ConcurrentLinkedQueue<>(segments());
        List<CompletableFuture<ConnectionScan>> workers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            workers.add(CompletableFuture.supplyAsync(() -> scan(segments), ports.scanners()));
        }
        workers.forEach(worker -> all.add(join(worker)));
        return !cut.get();
    }

    private List<Part> segments() {
        int first = (int) (ports.timeSource().jitter() * SEGMENTS);
        List<Part> segments = new ArrayList<>();
        for (int i = 0; i < SEGMENTS; i++) {
            segments.add(new Part((first + i) % SEGMENTS, SEGMENTS, null));
        }
        return segments;
    }

    private ConnectionScan scan(Queue<Part> segments) {
        ConnectionScan census = new ConnectionScan(settings);
        try {
            for (Part part = segments.poll(); part != null; part = segments.poll()) {
                scan(part, census);
            }
        } catch (RuntimeException failure) {
            cut.set(true);
            throw failure;
        }
        return census;
    }

    private void scan(Part segment, ConnectionScan census) {
        Part part = segment;
        while (part != null && !isCut()) {
            ConnectionPage page = ports.store().readConnections(part, deadline);
            Instant now = ports.timeSource().now();
            page.connections().forEach(connection -> census.add(connection, now));
            if (census.waiting() >= MOST_WAITING) {
                expired.remove(census.takeExpired(), deadline);
            }
            part = page.next() == null ? null : part.from(page.next());
        }
    }

    private boolean isCut() {
        if (work.hasPassed(ports.timeSource().now())) {
            cut.set(true);
        }
        return cut.get();
    }

    private static ConnectionScan join(CompletableFuture<ConnectionScan> worker) {
        try {
            return worker.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
