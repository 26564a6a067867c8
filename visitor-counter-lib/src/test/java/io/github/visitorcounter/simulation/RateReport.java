package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.RateScenario.Load;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;

/**
 * Prints the table "Rates" of docs/benchmarks.md: {@code -Dtest=RateReport}. It takes minutes, so it is not part of
 * the build.
 */
class RateReport {

    private static final List<Double> HOLDS = List.of(6.0, 10.0, 16.0);

    @Test
    void print() throws Throwable {
        System.out.println("| held | in + out /s | rows allowed | rejected | p50 | p99 | attempts | rows"
                + " | write units per change | at once |");
        for (double hold : HOLDS) {
            for (int rate : List.of(10, 50, 100, 500, 1_000)) {
                row(new Load(rate, 0, 30, hold, 64));
                row(new Load(rate, rate, 30, hold, 64));
            }
            row(new Load(1_000, 0, 1, hold, 64));
            row(new Load(0, 10_000, 0.1, hold, 64));
        }
        row(new Load(5, 5, 600, 10, 64));
        row(new Load(10_000, 0, 10, 10, 512));
        for (int rate : List.of(10, 50, 100)) {
            row(new Load(rate, rate, 30, 10, 1));
        }
        row(new Load(1_000, 0, 1, 10, 1));
        row(new Load(500, 0, 15, 10, 1));
    }

    private static void row(Load load) throws Throwable {
        System.out.printf(
                Locale.ROOT,
                "| %.0f ms | %d + %d for %s s | %d | %s |%n",
                load.holdMillis(),
                load.connects(),
                load.disconnects(),
                load.seconds(),
                load.maxShards(),
                RateScenario.run(load).row());
    }
}
