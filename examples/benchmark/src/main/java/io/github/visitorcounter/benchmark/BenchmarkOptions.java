package io.github.visitorcounter.benchmark;

import io.github.visitorcounter.benchmark.scenario.Limits;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * The benchmark's options, as system properties.
 *
 * @param scenarios {@code scenarios}: names separated by commas, or {@code all}, the default
 * @param sizes {@code sizes}: visitors or connections, separated by commas; default: each scenario's own
 * @param latenciesMillis {@code latencies}: how long posts take, in milliseconds, separated by commas; default: each
 *     scenario's own
 * @param limits {@code mode}: {@code full}, the default, or {@code quick}, whose figures are meaningless
 * @param docs {@code docs}: the folder with {@code benchmarks.md}, which a full run updates; default: none
 * @param raw {@code raw}: the folder of the raw results; default {@code target/benchmark}
 */
record BenchmarkOptions(
        List<String> scenarios,
        List<Integer> sizes,
        List<Integer> latenciesMillis,
        Limits limits,
        @Nullable Path docs,
        Path raw) {

    private static final String ALL = "all";
    private static final int MAX = 10_000;

    /**
     * Reads the options.
     *
     * @param known the names of all scenarios
     * @throws IllegalArgumentException if options are invalid; the message lists all of them
     */
    static BenchmarkOptions from(Properties properties, List<String> known) {
        List<String> problems = new ArrayList<>();
        List<String> scenarios = list(properties.getProperty("scenarios", ALL));
        if (scenarios.equals(List.of(ALL))) {
            scenarios = known;
        }
        for (String scenario : scenarios) {
            if (!known.contains(scenario)) {
                problems.add("-Dscenarios: there is no '" + scenario + "', only " + ALL + " or some of " + known);
            }
        }
        List<Integer> sizes = numbers("sizes", 1, properties, problems);
        List<Integer> latencies = numbers("latencies", 0, properties, problems);
        String mode = properties.getProperty("mode", "full");
        if (!mode.equals("full") && !mode.equals("quick")) {
            problems.add("-Dmode=" + mode + ": must be full or quick");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
        boolean full = mode.equals("full");
        String docs = properties.getProperty("docs", "");
        return new BenchmarkOptions(
                scenarios,
                sizes,
                latencies,
                full ? Limits.FULL : Limits.QUICK,
                full && !docs.isBlank() ? Path.of(docs) : null,
                Path.of(properties.getProperty("raw", "target/benchmark")));
    }

    /** Returns the command with these options; the folders are those of the build. */
    String command() {
        StringBuilder command = new StringBuilder("mvn -Pbenchmark -Dscenarios=" + String.join(",", scenarios));
        append(command, "sizes", sizes);
        append(command, "latencies", latenciesMillis);
        if (!limits.equals(Limits.FULL)) {
            command.append(" -Dmode=quick");
        }
        return command.toString();
    }

    private static void append(StringBuilder command, String name, List<Integer> numbers) {
        if (!numbers.isEmpty()) {
            command.append(" -D").append(name).append('=');
            command.append(
                    String.join(",", numbers.stream().map(String::valueOf).toList()));
        }
    }

    private static List<Integer> numbers(String name, int min, Properties properties, List<String> problems) {
        List<Integer> numbers = new ArrayList<>();
        for (String value : list(properties.getProperty(name, ""))) {
            if (value.matches("\\d{1,5}") && Integer.parseInt(value) >= min && Integer.parseInt(value) <= MAX) {
                numbers.add(Integer.valueOf(value));
            } else {
                problems.add("-D" + name + ": '" + value + "' must be a whole number from " + min + " to " + MAX);
            }
        }
        return numbers;
    }

    private static List<String> list(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
