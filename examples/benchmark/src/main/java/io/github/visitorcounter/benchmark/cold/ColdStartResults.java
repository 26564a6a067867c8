package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.benchmark.report.Chart;
import io.github.visitorcounter.benchmark.report.Table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The measurements of each case. */
final class ColdStartResults {

    private static final String NONE = "-";

    /** A function in a variant. */
    record Case(Function function, Variant variant) {}

    private final Map<Case, List<FunctionProcess.Times>> times = new LinkedHashMap<>();
    private final Map<Case, ClassLog> classes = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();

    void add(Case started, FunctionProcess.Times measured) {
        times.computeIfAbsent(started, first -> new ArrayList<>()).add(measured);
    }

    void classes(Case started, ClassLog log) {
        classes.put(started, log);
    }

    /** Adds the reason why a variant was not measured. */
    void note(String variant, String why) {
        notes.put(variant, why);
    }

    Table table(int starts) {
        Chart chart = new Chart("cold-total", "Cold start: until the first answer", "milliseconds (log)");
        List<List<Object>> rows = new ArrayList<>();
        for (Function function : Function.values()) {
            times.forEach((started, measured) -> {
                if (started.function() == function) {
                    rows.add(row(started, measured));
                    chart.bar(
                            function.title(),
                            started.variant().title(),
                            median(measured, FunctionProcess.Times::totalMillis));
                }
            });
        }
        notes.forEach(
                (variant, why) -> rows.add(List.of("both", variant, why, NONE, NONE, NONE, NONE, NONE, NONE, NONE)));
        return new Table(
                "cold",
                "From the start of a function to its first answer",
                text(starts),
                List.of(
                        "function",
                        "variant",
                        "initialisation (ms)",
                        "first invocation (ms)",
                        "until the first answer (ms)",
                        "fastest to slowest (ms)",
                        "processor time (ms)",
                        "package (MB)",
                        "classes loaded",
                        "of them from an archive"),
                rows,
                List.of(chart));
    }

    private List<Object> row(Case started, List<FunctionProcess.Times> measured) {
        double[] totals = measured.stream()
                .mapToDouble(FunctionProcess.Times::totalMillis)
                .sorted()
                .toArray();
        ClassLog log = classes.getOrDefault(started, new ClassLog(0, 0));
        return List.of(
                started.function().title(),
                started.variant().title(),
                median(measured, FunctionProcess.Times::initMillis),
                median(measured, FunctionProcess.Times::invocationMillis),
                median(measured, FunctionProcess.Times::totalMillis),
                Math.round(totals[0]) + " to " + Math.round(totals[totals.length - 1]),
                median(measured, FunctionProcess.Times::cpuMillis),
                Packages.megabytes(started.variant().folder()),
                log.loaded() == 0 ? NONE : (Object) log.loaded(),
                log.loaded() == 0 ? NONE : (Object) log.fromArchive());
    }

    static <T> double median(List<T> measured, ToDoubleFunction<T> what) {
        double[] values = measured.stream().mapToDouble(what).sorted().toArray();
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static String text(int starts) {
        return "Each start is a separate process with Lambda's runtime client (`AWSLambda`) and settings (1,024"
                + " MB: serial collector, first compiler tier only, default class-data archive of the JDK); a"
                + " runtime API, DynamoDB Local and the gateway are in the parent process, on the same two cores"
                + " and without TLS. The time runs from the start of the process to the response, and counts only"
                + " if the visitor has been counted, or has received the count. Medians of " + starts
                + " starts, the variants in turn. *Restored*: the process has run its hooks and waits for"
                + " `restore/next`; the time runs from its response. The time that Lambda needs to fetch and map"
                + " the snapshot or the package is not included.";
    }
}
