package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.Simulation.Outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many worlds, one seed after another, until the time is over.
 *
 * @param worlds how many there were
 * @param kinds how many of each kind
 * @param events how much happened in them
 * @param failures a line for each world in which a promise was broken
 */
record Exploration(long worlds, Map<String, Integer> kinds, long events, List<String> failures) {

    static Exploration run(long firstSeed, long seconds, int mostFailures) throws Exception {
        int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
        AtomicLong seeds = new AtomicLong(firstSeed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Map<String, Integer> kinds = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        AtomicLong events = new AtomicLong();
        AtomicLong worlds = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            done.add(pool.submit(() -> {
                while (System.nanoTime() < end) {
                    long seed = seeds.getAndIncrement();
                    Outcome outcome = Simulation.run(seed, false);
                    worlds.incrementAndGet();
                    events.addAndGet(outcome.events());
                    synchronized (failures) {
                        kinds.merge(outcome.kind(), 1, Integer::sum);
                        if (outcome.problem() != null) {
                            failures.add(line(seed, outcome));
                        }
                        if (failures.size() >= mostFailures) {
                            return;
                        }
                    }
                }
            }));
        }
        for (Future<?> future : done) {
            future.get();
        }
        pool.shutdown();
        return new Exploration(worlds.get(), kinds, events.get(), failures);
    }

    private static String line(long seed, Outcome outcome) {
        return "seed " + seed + " (" + outcome.kind() + "): " + outcome.problem()
                + " -- replay: mvn -pl visitor-counter-lib" + " test -Dtest=SimulationTest -Dseed=" + seed;
    }

    String summary() {
        return worlds + " worlds " + kinds + ", " + events + " events, " + failures.size() + " failures";
    }
}
