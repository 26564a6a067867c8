package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.reconcile.ReconcileStore.Part;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Scans all connections. It reads several segments concurrently, so that few visitors connect and disconnect meanwhile,
 * and begins with a random segment, so that a table that is too large for the available time is not always cut at the
 * same place.
 */
final class ConnectionScanner {

    static final int SEGMENTS = 16;
    private static final int CONCURRENCY = 4;

    /** The maximum of expired connections in memory; above it they are removed during the scan. */
    private static final int MAX_WAITING = 500;

    private final ReconcileRun run;

    /** Set when the scan was aborted. */
    private final AtomicBoolean aborted = new AtomicBoolean();

    ConnectionScanner(ReconcileRun run) {
        this.run = run;
    }

    /** Adds all connections to a scan, bucket by bucket; returns false if there was no time for all. */
    boolean scan(ConnectionScan all, int buckets) {
        for (int bucket = 0; bucket < buckets && !aborted.get(); bucket++) {
            scanBucket(all, new ConnectionScan.Bucket(bucket, buckets));
            all.closeBucket();
        }
        return !aborted.get();
    }

    private void scanBucket(ConnectionScan all, ConnectionScan.Bucket bucket) {
        Queue<Part> segments = new ConcurrentLinkedQueue<>(segments());
        List<CompletableFuture<ConnectionScan>> workers = new ArrayList<>();
        for (int i = 0; i < CONCURRENCY; i++) {
            workers.add(CompletableFuture.supplyAsync(
                    () -> scan(segments, all.part(bucket)), run.ports().scanners()));
        }
        workers.forEach(worker -> all.add(join(worker)));
    }

    private List<Part> segments() {
        int first = (int) (run.ports().timeSource().jitter() * SEGMENTS);
        List<Part> segments = new ArrayList<>();
        for (int i = 0; i < SEGMENTS; i++) {
            segments.add(new Part((first + i) % SEGMENTS, SEGMENTS, null));
        }
        return segments;
    }

    private ConnectionScan scan(Queue<Part> segments, ConnectionScan mine) {
        try {
            for (Part part = segments.poll(); part != null; part = segments.poll()) {
                scan(part, mine);
            }
        } catch (RuntimeException failure) {
            aborted.set(true);
            throw failure;
        }
        return mine;
    }

    private void scan(Part segment, ConnectionScan mine) {
        Part part = segment;
        while (part != null && !isAborted()) {
            ConnectionPage page = run.ports().store().readConnections(part, run.deadline());
            Instant now = run.ports().timeSource().now();
            page.connections().forEach(connection -> mine.add(connection, now));
            if (mine.waiting() >= MAX_WAITING) {
                run.expired().remove(mine.takeExpired(), run.deadline());
            }
            part = page.next() == null ? null : part.from(page.next());
        }
    }

    private boolean isAborted() {
        if (run.work().hasPassed(run.ports().timeSource().now())) {
            aborted.set(true);
        }
        return aborted.get();
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
