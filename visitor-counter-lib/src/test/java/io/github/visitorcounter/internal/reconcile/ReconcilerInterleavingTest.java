package io.github.visitorcounter.internal.reconcile;

import io.github.visitorcounter.reconcile.ReconcileReport;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests thousands of models, each with connects and disconnects at other points of the scan. */
class ReconcilerInterleavingTest {

    private static final int SEEDS = 2_000;
    private static final int COUNTERS = 8;

    @Test
    void correct_counter_is_never_changed() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = busyModel(seed);
                    model.reconcile();
                    return model.repairs() != 0 || model.drift() != 0;
                }))
                .isEmpty();
    }

    @Test
    void busy_counter_is_never_made_worse() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = busyModel(seed);
                    model.addDrift(40);
                    long before = model.drift();
                    model.reconcile();
                    long after = model.drift();
                    return Math.abs(after) > Math.abs(before) || Long.signum(after) * Long.signum(before) < 0;
                }))
                .isEmpty();
    }

    @Test
    void large_drift_is_repaired_even_if_busy() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = busyModel(seed);
                    model.addDrift(40);
                    long before = Math.abs(model.drift());
                    model.reconcile();
                    return before > 30 && Math.abs(model.drift()) == before;
                }))
                .hasSizeLessThan(SEEDS / 100);
    }

    @Test
    void run_on_a_quiet_counter_repairs_everything() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = busyModel(seed);
                    model.addDrift(40);
                    if (seed % 5 == 0) {
                        model.loseCounter();
                    }
                    model.reconcile();
                    model.busy(false);
                    ReconcileReport report = model.reconcile();
                    return model.drift() != 0 || report.uncertain() != 0 || !report.complete();
                }))
                .isEmpty();
    }

    @Test
    void interrupted_and_concurrent_runs_do_not_repair_twice() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = new ReconcileModel(seed);
                    model.addDrift(10);
                    model.overtakenAt(0.1);
                    model.interruptedAt(0.03);
                    reconcileUnlessInterrupted(model);
                    reconcileUnlessInterrupted(model);
                    model.interruptedAt(0);
                    model.reconcile();
                    return model.drift() != 0 || model.repairs() > 1;
                }))
                .isEmpty();
    }

    @Test
    void continued_runs_make_no_counter_worse() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = slowModel(seed);
                    model.busy(true);
                    model.addDrift(40);
                    List<Long> before = model.drifts();
                    for (int run = 0; run < 4; run++) {
                        model.reconcile();
                    }
                    List<Long> after = model.drifts();
                    return IntStream.range(0, COUNTERS)
                            .anyMatch(i -> Math.abs(after.get(i)) > Math.abs(before.get(i))
                                    || Long.signum(after.get(i)) * Long.signum(before.get(i)) < 0);
                }))
                .isEmpty();
    }

    @Test
    void continued_runs_repair_every_quiet_counter() {
        AtomicInteger stops = new AtomicInteger();
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = slowModel(seed);
                    model.busy(true);
                    model.addDrift(40);
                    if (seed % 5 == 0) {
                        model.loseCounter();
                    }
                    stops.addAndGet(model.reconcile().complete() ? 0 : 1);
                    model.busy(false);
                    // The rest of this cycle, and a complete one.
                    reconcileToTheEnd(model);
                    reconcileToTheEnd(model);
                    return model.drifts().stream().anyMatch(drift -> drift != 0);
                }))
                .isEmpty();
        assertThat(stops.get()).isGreaterThan(SEEDS / 2);
    }

    @Test
    void these_models_detect_a_wrong_reconciler() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel model = busyModel(seed);
                    model.reconcileNaively();
                    return model.drift() != 0;
                }))
                .hasSizeGreaterThan(SEEDS / 10);
    }

    private static ReconcileModel busyModel(long seed) {
        ReconcileModel model = new ReconcileModel(seed);
        model.busy(true);
        return model;
    }

    /**
     * Returns a model with eight counters, three of which fit in memory; a run usually has time for one or two batches.
     */
    private static ReconcileModel slowModel(long seed) {
        ReconcileModel model = new ReconcileModel(seed, COUNTERS);
        model.slow(new Reconciler.Limits(3, 10, 10), Duration.ofMillis(seed % 2 == 0 ? 800 : 100));
        return model;
    }

    private static void reconcileToTheEnd(ReconcileModel model) {
        int runs = 1;
        while (!model.reconcile().complete()) {
            if (++runs > 20) {
                throw new AssertionError("Twenty runs do not come to the end");
            }
        }
    }

    private static void reconcileUnlessInterrupted(ReconcileModel model) {
        try {
            model.reconcile();
        } catch (ReconcileModel.Interrupted cut) {
            // The next run continues.
        }
    }

    private static long[] seedsWhere(LongPredicate broken) {
        return LongStream.range(0, SEEDS).filter(broken).toArray();
    }
}
