package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.count.AllowedCounters;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Compares the counters with the connections and repairs counters that are wrong. Runs are idempotent: they may be
 * repeated, run concurrently, or be interrupted at any point. Thread-safe.
 */
public final class Reconciler {

    /** Reserved at the end of an invocation for finishing tasks that have been started. */
    private static final Duration TIME_TO_FINISH = Duration.ofSeconds(2);

    private final Settings settings;
    private final Ports ports;

    /**
     * Creates a reconciler.
     *
     * @param settings its limits
     * @param ports the services it uses
     */
    public Reconciler(Settings settings, Ports ports) {
        this.settings = settings;
        this.ports = ports;
    }

    /**
     * The limits of a reconciler.
     *
     * @param probes how many of the oldest connections are probed
     * @param handshakeGrace the age from which a 410 means that a connection may be closed
     * @param countingMode what {@code live} counts
     * @param liveLimits the limits of {@code live}, which determine the number of rows of a counter
     * @param watchers whether counters at zero may have connections
     * @param allowed which counters a wildcard admits
     * @param unusedAfter after how long without a change such a counter is removed if it is empty; zero for never
     * @param format formats the messages with a count
     * @param limits the limits of memory
     */
    public record Settings(
            int probes,
            Duration handshakeGrace,
            CountingMode countingMode,
            LiveLimits liveLimits,
            boolean watchers,
            AllowedCounters allowed,
            Duration unusedAfter,
            MessageFormat format,
            Limits limits) {}

    /**
     * The limits of memory.
     *
     * @param counters the approximate number of counters in a batch
     * @param unknown the number of other counters, without a row in the batch, whose connections are counted; the
     *     scanners together may count up to four times as many
     * @param visits the approximate number of visits; if more are live, connections are scanned several times
     */
    public record Limits(int counters, int unknown, long visits) {

        /** Needs about 200 MB: 400 bytes per counter and 100 per visit. */
        public static final Limits STANDARD = new Limits(50_000, 5_000, 1_000_000);
    }

    /**
     * The services that a reconciler uses.
     *
     * @param store reads everything, and repairs
     * @param counters removes connections
     * @param leases returns the versions that were broadcast
     * @param wakeUps starts broadcasts
     * @param probe probes connections
     * @param timeSource the clock, and the random start of scans
     * @param scanners runs parts of a scan concurrently
     */
    public record Ports(
            ReconcileStore store,
            CounterStore counters,
            LeaseStore leases,
            WakeUps wakeUps,
            ConnectionProbe probe,
            TimeSource timeSource,
            Executor scanners) {}

    /**
     * Runs the job.
     *
     * @param failures collects the failures of probes
     * @param deadline when the run must have ended
     * @return the report
     * @throws ServiceUnavailableException if a read or write failed; earlier repairs are kept
     */
    public ReconcileReport reconcile(FailureLog failures, Deadline deadline) {
        return new Reconciliation(
                        settings, ports, failures, new Deadline(deadline.at().minus(TIME_TO_FINISH)), deadline)
                .run();
    }
}
