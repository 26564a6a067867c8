package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.RateScenario.Load;
import org.junit.jupiter.api.Test;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/**
 * Prints the table "Rates" of docs/benchmarks.md: {@code -Dtest=RateReport}. It takes minutes, so it is not part of the
 * build.
 */
class RateReport {

    private static final double TYPICAL = FaultyDynamoDb.TYPICAL_HOLD_MILLIS;
    private static final List<Double> HOLDS = List.of(6.0, TYPICAL, 16.0);

    @Test
    void print() throws Throwable {
        System.out.println("| held | in + out /s | design | rejected | p50 | p99 | attempts | rows"
                + " | write units per change | executions at once |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (double hold : HOLDS) {
            for (int rate : List.of(10, 50, 100, 500, 1_000)) {
                row(new Load(rate, 0, 30, hold, 64));
                row(new Load(rate, rate, 30, hold, 64));
            }
            row(new Load(1_000, 0, 1, hold, 64));
            row(new Load(0, 10_000, 0.1, hold, 64));
        }
        row(new Load(5, 5, 7_200, TYPICAL, 64));
        row(new Load(10_000, 0, 10, TYPICAL, 512));
        oneRow();
        original();
    }

    /** Shorter than the others: each change that waits is a thread, and makes a hundred attempts. */
    private static void oneRow() throws Throwable {
        for (int rate : List.of(5, 10, 50)) {
            row(new Load(rate, rate, 30, TYPICAL, 1));
        }
        row(new Load(100, 100, 15, TYPICAL, 1));
        row(new Load(500, 0, 5, TYPICAL, 1));
        row(new Load(1_000, 0, 1, TYPICAL, 1));
        row(new Load(0, 10_000, 0.1, TYPICAL, 1));
    }

    /** Plain writes hold nothing, so there is one line for all times. */
    private static void original() throws Throwable {
        for (int rate : List.of(5, 10, 50, 100, 500)) {
            row(new Load(rate, 0, 30, TYPICAL, Load.ORIGINAL));
            row(new Load(rate, rate, 30, TYPICAL, Load.ORIGINAL));
        }
        row(new Load(1_000, 0, 30, TYPICAL, Load.ORIGINAL));
        row(new Load(1_000, 1_000, 10, TYPICAL, Load.ORIGINAL));
        row(new Load(1_000, 0, 1, TYPICAL, Load.ORIGINAL));
        row(new Load(0, 10_000, 0.1, TYPICAL, Load.ORIGINAL));
        row(new Load(10_000, 0, 1, TYPICAL, Load.ORIGINAL));
    }

    private static void row(Load load) throws Throwable {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d + %d for %s s | %s | %s |%n",
                load.isOriginal() ? "–" : String.format(Locale.ROOT, "%.0f ms", load.holdMillis()),
                load.connects(),
                load.disconnects(),
                new DecimalFormat("#.#", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(load.seconds()),
                design(load),
                RateScenario.run(load).row());
    }

    private static String design(Load load) {
        return load.isOriginal() ? "original" : load.maxShards() == 1 ? "1 row" : "up to " + load.maxShards() + " rows";
    }
}
