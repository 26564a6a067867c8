package io.github.visitorcounter;

import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.reconcile.ReconcileMetrics;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;

/**
 * What a {@link ReconcileHandler} works with.
 *
 * @param store reads everything, and repairs
 * @param counters removes connections
 * @param leases says what was broadcast
 * @param wakeUps starts broadcasts
 * @param probe asks about connections
 * @param metrics counts what was healed
 * @since 0.1.0
 */
public record ReconcilePorts(
        ReconcileStore store,
        CounterStore counters,
        LeaseStore leases,
        WakeUps wakeUps,
        ConnectionProbe probe,
        ReconcileMetrics metrics) {}
