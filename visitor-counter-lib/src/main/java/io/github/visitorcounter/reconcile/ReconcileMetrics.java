package io.github.visitorcounter.reconcile;

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
