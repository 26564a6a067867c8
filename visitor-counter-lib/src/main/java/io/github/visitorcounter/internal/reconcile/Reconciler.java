package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.count.CountingMode;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.reconcile.ReconcileReport;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Holds the counters against the connections and heals what is wrong. Everything it does may be done twice, by two at once, or be
 * cut anywhere. Thread-safe.
 */
public final class Reconciler {

    /** Kept free at the end of an invocation for what has been begun. */
    private static final Duration TIME_TO_FINISH = Duration.ofSeconds(2);

    private final Settings settings;
    private final Ports ports;

    /**
     * Creates a reconciler.
     *
     * @param settings its limits
     * @param ports what it works with
     */
    public Reconciler(Settings settings, Ports ports) {
        this.settings = settings;
        this.ports = ports;
    }

    /**
     * The limits of a reconciler.
     *
     * @param probes about how many of the oldest connections it asks the gateway
     * @param handshakeGrace how old a connection must be for its 410 to mean that it may be closed
     * @param countingMode what {@code live} counts
     * @param maxLive how many may be live, which says how many rows a counter has
     */
    public record Settings(int probes, Duration handshakeGrace, CountingMode countingMode, MaxLive maxLive) {}

    /**
     * What a reconciler works with.
     *
     * @param store reads everything, and repairs
     * @param counters removes connections
     * @param leases says what was broadcast
     * @param wakeUps starts broadcasts
     * @param probe asks about connections
     * @param timeSource tells the time, and draws where a scan begins
     * @param scanners runs parts of a scan at the same time
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
     * Heals what it can.
     *
     * @param failures says why probes failed
     * @param deadline when to have stopped
     * @return what was healed
     * @throws ServiceUnavailableException if something could not be read or written; what was healed before stays healed
     */
    public ReconcileReport reconcile(FailureLog failures, Deadline deadline) {
        return new Reconciliation(
                        settings, ports, failures, new Deadline(deadline.at().minus(TIME_TO_FINISH)), deadline)
                .run();
    }
}
