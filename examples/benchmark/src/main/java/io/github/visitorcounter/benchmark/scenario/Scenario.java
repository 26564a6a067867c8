package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.report.Table;

import java.util.List;
import java.util.function.Consumer;

/** A scenario to measure. */
public interface Scenario {

    /**
     * The parameters of a run.
     *
     * @param sizes the numbers of visitors or connections, one case for each; empty for the scenario's own
     * @param latenciesMillis the latencies of posts; empty for the scenario's own
     * @param limits the time limits
     * @param progress receives progress messages, one line each
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

    /** The name that selects it. */
    String name();

    /**
     * Runs the scenario.
     *
     * @param plan the parameters
     * @return the results
     * @throws InterruptedException if the thread is interrupted
     */
    List<Table> run(Plan plan) throws InterruptedException;
}
