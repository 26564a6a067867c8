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

/** Many worlds, one seed after another, on all processors. */
final class Exploration {

    private static final int ENOUGH_FAILURES = 10;

    private final AtomicLong nextSeed;
    private final long start = System.nanoTime();
    private final Map<String, Integer> kinds = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private long worlds;
    private long events;

    private Exploration(long firstSeed) {
        this.nextSeed = new AtomicLong(firstSeed);
    }

    /**
     * Runs worlds until the time is over and there were enough, or enough went wrong.
     *
     * @param firstSeed the first world's seed
     * @param time how long
     * @param least how many at least
     * @param progress hears how far it is, every now and then
     */
    static Exploration run(long firstSeed, Duration time, long least, Consumer<String> progress) throws Exception {
        Exploration exploration = new Exploration(firstSeed);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            done.add(pool.submit(() -> exploration.explore(time, least, progress)));
        }
        for (Future<?> each : done) {
            each.get();
        }
        pool.shutdown();
        return exploration;
    }

    private void explore(Duration time, long least, Consumer<String> progress) {
        Duration nextReport = Duration.ofSeconds(30);
        while (goesOn(time, least)) {
            long seed = nextSeed.getAndIncrement();
            note(seed, Simulation.run(seed, false));
            if (elapsed().compareTo(nextReport) > 0) {
                progress.accept(summary());
                nextReport = elapsed().plusSeconds(30);
            }
        }
    }

    private synchronized boolean goesOn(Duration time, long least) {
        return failures.size() < ENOUGH_FAILURES && (worlds < least || elapsed().compareTo(time) < 0);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private synchronized void note(long seed, Outcome outcome) {
        worlds++;
        events += outcome.events();
        kinds.merge(outcome.kind(), 1, Integer::sum);
        if (outcome.problem() != null) {
            failures.add("seed " + seed + " (" + outcome.kind() + "): "
                    + outcome.problem().getMessage() + " -- replay: "
                    + "mvn test -P '!everything' -pl .,examples/embedded-stack,visitor-counter-lib -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dseed=" + seed);
        }
    }

    long worlds() {
        return worlds;
    }

    /** A line for each world in which a promise was broken. */
    List<String> failures() {
        return failures;
    }

    synchronized String summary() {
        return worlds + " worlds " + kinds + ", " + events + " events, "
                + elapsed().toSeconds() + " s, " + failures.size() + " failures";
    }
}
