package io.github.visitorcounter.benchmark;

import io.github.visitorcounter.benchmark.cold.ColdStart;
import io.github.visitorcounter.benchmark.cold.WakeUpMemory;
import io.github.visitorcounter.benchmark.micro.MicroCosts;
import io.github.visitorcounter.benchmark.pass.OnePass;
import io.github.visitorcounter.benchmark.report.ResultFiles;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.scenario.ArrivalsAndDepartures;
import io.github.visitorcounter.benchmark.scenario.Churn;
import io.github.visitorcounter.benchmark.scenario.FaultyPosts;
import io.github.visitorcounter.benchmark.scenario.Scenario;
import io.github.visitorcounter.benchmark.stack.EmbeddedStackCapacity;

import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Measures the original design and this library with the same traffic, and writes the results. Options are system
 * properties, see {@link BenchmarkOptions}.
 */
public final class Benchmark {

    private static final List<Scenario> SCENARIOS = List.of(
            new ArrivalsAndDepartures(),
            new Churn(),
            new FaultyPosts(),
            new OnePass(),
            new ColdStart(),
            new WakeUpMemory(),
            new MicroCosts(),
            new EmbeddedStackCapacity());

    private Benchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments none
     * @throws InterruptedException never in practice: the main thread is not interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        BenchmarkOptions options;
        try {
            options = BenchmarkOptions.from(
                    System.getProperties(),
                    SCENARIOS.stream().map(Scenario::name).toList());
        } catch (IllegalArgumentException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
            return;
        }
        run(options, System.out);
        System.exit(0); // The functions' clients have started non-daemon threads.
    }

    static void run(BenchmarkOptions options, PrintStream out) throws InterruptedException {
        String conditions = "Measured on " + LocalDate.now(ZoneOffset.UTC) + " by `" + options.command() + "` on "
                + Machine.describe() + ".";
        out.println(conditions);
        ResultFiles files = new ResultFiles(options.raw(), options.docs(), conditions);
        for (Scenario scenario : SCENARIOS) {
            if (options.scenarios().contains(scenario.name())) {
                List<Table> tables = scenario.run(new Scenario.Plan(
                        options.sizes(),
                        options.latenciesMillis(),
                        options.limits(),
                        line -> out.println(now() + " " + scenario.name() + ": " + line)));
                tables.forEach(table -> out.println("\n" + table.title() + "\n\n" + table.markdown()));
                files.write(scenario.name(), tables);
            }
        }
        out.println("Written to " + options.raw().toAbsolutePath()
                + (options.docs() == null
                        ? ""
                        : " and " + options.docs().toAbsolutePath().normalize()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
