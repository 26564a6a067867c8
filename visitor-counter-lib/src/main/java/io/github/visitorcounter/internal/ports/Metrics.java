package io.github.visitorcounter.internal.ports;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.reconcile.ReconcileReport;

/** Records metrics of the functions. The default methods record nothing. Thread-safe. */
public interface Metrics {

    /** Records nothing. */
    Metrics NONE = new Metrics() {};

    /**
     * Records a rejected connection.
     *
     * @param reason the reason for the rejection
     */
    default void rejected(RejectionReason reason) {}

    /**
     * Records a broadcast.
     *
     * @param report its report
     */
    default void record(BroadcastReport report) {}

    /**
     * Records a reconcile.
     *
     * @param report its report
     */
    default void record(ReconcileReport report) {}
}
