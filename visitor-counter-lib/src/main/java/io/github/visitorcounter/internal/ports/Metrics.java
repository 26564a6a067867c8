package io.github.visitorcounter.internal.ports;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.reconcile.ReconcileReport;

/** Records what the functions did, by default nothing. Thread-safe. */
public interface Metrics {

    /** Records nothing. */
    Metrics NONE = new Metrics() {};

    /**
     * Records a rejected connection.
     *
     * @param reason why it was rejected
     */
    default void rejected(RejectionReason reason) {}

    /**
     * Records what an invocation did for a counter.
     *
     * @param report what it did
     */
    default void record(BroadcastReport report) {}

    /**
     * Records a run of the reconciling function.
     *
     * @param report what it found and repaired
     */
    default void record(ReconcileReport report) {}
}
