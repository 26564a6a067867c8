package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.Simulation.Outcome;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs many simulations, one per seed, on all processors. */
final class Exploration {

    private static final int ENOUGH_FAILURES = 10;

    private final AtomicLong nextSeed;
    private final long start = System.nanoTime();
    private final Map<String, Integer> kinds = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private long runs;
    private long events;

    private Exploration(long firstSeed) {
        this.nextSeed = new AtomicLong(firstSeed);
    }

    /**
     * Runs simulations until the minimum time and number are reached, or enough runs failed.
     *
     * @param firstSeed the seed of the first run
     * @param time the minimum time
     * @param minRuns the minimum number of runs
     * @param progress receives a summary every 30 seconds
     */
    static Exploration run(long firstSeed, Duration time, long minRuns, Consumer<String> progress) throws Exception {
        Exploration exploration = new Exploration(firstSeed);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            done.add(pool.submit(() -> exploration.explore(time, minRuns, progress)));
        }
        for (Future<?> each : done) {
            each.get();
        }
        pool.shutdown();
        return exploration;
    }

    private void explore(Duration time, long minRuns, Consumer<String> progress) {
        Duration nextReport = Duration.ofSeconds(30);
        while (continues(time, minRuns)) {
            long seed = nextSeed.getAndIncrement();
            record(seed, Simulation.run(seed, false));
            if (elapsed().compareTo(nextReport) > 0) {
                progress.accept(summary());
                nextReport = elapsed().plusSeconds(30);
            }
        }
    }

    private synchronized boolean continues(Duration time, long minRuns) {
        return failures.size() < ENOUGH_FAILURES && (runs < minRuns || elapsed().compareTo(time) < 0);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private synchronized void record(long seed, Outcome outcome) {
        runs++;
        events += outcome.events();
        kinds.merge(outcome.kind(), 1, Integer::sum);
        if (outcome.problem() != null) {
            failures.add("seed " + seed + " (" + outcome.kind() + "): "
                    + outcome.problem().getMessage() + " -- replay: "
                    + "mvn test -P '!everything' -pl .,examples/embedded-stack,visitor-counter-lib -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dseed=" + seed);
        }
    }

    long runs() {
        return runs;
    }

    /** Returns a line for each failed run. */
    List<String> failures() {
        return failures;
    }

    synchronized String summary() {
        return runs + " runs " + kinds + ", " + events + " events, " + elapsed().toSeconds() + " s, " + failures.size()
                + " failures";
    }
}
