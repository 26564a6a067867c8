package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.reconcile.ReconcileReport;

/** Counts what reconciling healed. Thread-safe. */
@FunctionalInterface
public interface ReconcileMetrics {

    /** Counts nothing. */
    ReconcileMetrics NONE = report -> {};

    /**
     * Counts what a run did.
     *
     * @param report what it did
     */
    void record(ReconcileReport report);
}
