package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.report.Table;

import java.util.List;
import java.util.function.Consumer;

/** Something to measure. */
public interface Scenario {

    /**
     * How a scenario is to be run.
     *
     * @param sizes how many visitors or connections, one case for each; empty for the scenario's own
     * @param latenciesMillis how long posts take; empty for the scenario's own
     * @param limits how long things may take
     * @param progress is told what happens, a line at a time
     */
    record Plan(List<Integer> sizes, List<Integer> latenciesMillis, Limits limits, Consumer<String> progress) {

        /** The chosen sizes, or the scenario's own. */
        public List<Integer> sizesOr(Integer... usual) {
            return sizes.isEmpty() ? List.of(usual) : sizes;
        }

        /** The chosen latencies in milliseconds, or the scenario's own. */
        public List<Integer> latenciesOr(Integer... usual) {
            return latenciesMillis.isEmpty() ? List.of(usual) : latenciesMillis;
        }
    }

    /** The name by which it is chosen. */
    String name();

    /**
     * Measures.
     *
     * @param plan how
     * @return what was found
     * @throws InterruptedException if the thread is interrupted
     */
    List<Table> run(Plan plan) throws InterruptedException;
}
