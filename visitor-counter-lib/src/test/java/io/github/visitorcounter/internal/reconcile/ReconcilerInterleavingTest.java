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

/** Thousands of counters, each with visitors who come and go at other moments of the scan. */
class ReconcilerInterleavingTest {

    private static final int SEEDS = 2_000;
    private static final int COUNTERS = 8;

    @Test
    void a_counter_that_is_right_is_never_changed_however_busy_it_is() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = busyWorld(seed);
                    world.reconcile();
                    return world.repairs() != 0 || world.drift() != 0;
                }))
                .isEmpty();
    }

    @Test
    void a_busy_counter_is_never_made_worse_nor_wrong_in_the_other_direction() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = busyWorld(seed);
                    world.spoil(40);
                    long before = world.drift();
                    world.reconcile();
                    long after = world.drift();
                    return Math.abs(after) > Math.abs(before) || Long.signum(after) * Long.signum(before) < 0;
                }))
                .isEmpty();
    }

    @Test
    void a_counter_that_is_far_from_right_is_repaired_even_when_it_is_busy() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = busyWorld(seed);
                    world.spoil(40);
                    long before = Math.abs(world.drift());
                    world.reconcile();
                    return before > 30 && Math.abs(world.drift()) == before;
                }))
                .hasSizeLessThan(SEEDS / 100);
    }

    @Test
    void once_it_is_quiet_a_run_heals_whatever_happened_before() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = busyWorld(seed);
                    world.spoil(40);
                    if (seed % 5 == 0) {
                        world.loseCounter();
                    }
                    world.reconcile();
                    world.busy(false);
                    ReconcileReport report = world.reconcile();
                    return world.drift() != 0 || report.uncertain() != 0 || !report.complete();
                }))
                .isEmpty();
    }

    @Test
    void runs_that_are_cut_anywhere_and_runs_at_the_same_time_do_not_repair_twice() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = new ReconcileModel(seed);
                    world.spoil(10);
                    world.overtakenAt(0.1);
                    world.cutAt(0.03);
                    reconcileUnlessCut(world);
                    reconcileUnlessCut(world);
                    world.cutAt(0);
                    world.reconcile();
                    return world.drift() != 0 || world.repairs() > 1;
                }))
                .isEmpty();
    }

    @Test
    void runs_that_stop_in_the_middle_and_continue_make_no_counter_worse() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = slowWorld(seed);
                    world.busy(true);
                    world.spoil(40);
                    List<Long> before = world.drifts();
                    for (int run = 0; run < 4; run++) {
                        world.reconcile();
                    }
                    List<Long> after = world.drifts();
                    return IntStream.range(0, COUNTERS)
                            .anyMatch(i -> Math.abs(after.get(i)) > Math.abs(before.get(i))
                                    || Long.signum(after.get(i)) * Long.signum(before.get(i)) < 0);
                }))
                .isEmpty();
    }

    @Test
    void runs_that_stop_in_the_middle_and_continue_repair_every_counter_once_it_is_quiet() {
        AtomicInteger stops = new AtomicInteger();
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = slowWorld(seed);
                    world.busy(true);
                    world.spoil(40);
                    if (seed % 5 == 0) {
                        world.loseCounter();
                    }
                    stops.addAndGet(world.reconcile().complete() ? 0 : 1);
                    world.busy(false);
                    // The rest of this cycle, and a whole one.
                    reconcileToTheEnd(world);
                    reconcileToTheEnd(world);
                    return world.drifts().stream().anyMatch(drift -> drift != 0);
                }))
                .isEmpty();
        assertThat(stops.get()).isGreaterThan(SEEDS / 2);
    }

    @Test
    void these_worlds_find_a_reconciler_that_believes_what_it_has_seen() {
        assertThat(seedsWhere(seed -> {
                    ReconcileModel world = busyWorld(seed);
                    world.reconcileNaively();
                    return world.drift() != 0;
                }))
                .hasSizeGreaterThan(SEEDS / 10);
    }

    private static ReconcileModel busyWorld(long seed) {
        ReconcileModel world = new ReconcileModel(seed);
        world.busy(true);
        return world;
    }

    /** Eight counters, of which three fit in memory; most runs have time for one or two such batches. */
    private static ReconcileModel slowWorld(long seed) {
        ReconcileModel world = new ReconcileModel(seed, COUNTERS);
        world.slow(new Reconciler.Limits(3, 10, 10), Duration.ofMillis(seed % 2 == 0 ? 800 : 100));
        return world;
    }

    private static void reconcileToTheEnd(ReconcileModel world) {
        int runs = 1;
        while (!world.reconcile().complete()) {
            if (++runs > 20) {
                throw new AssertionError("Twenty runs do not come to the end");
            }
        }
    }

    private static void reconcileUnlessCut(ReconcileModel world) {
        try {
            world.reconcile();
        } catch (ReconcileModel.Cut cut) {
            // The next run goes on.
        }
    }

    private static long[] seedsWhere(LongPredicate broken) {
        return LongStream.range(0, SEEDS).filter(broken).toArray();
    }
}
