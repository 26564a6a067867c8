package io.github.visitorcounter.benchmark.report;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes results: every table to the folder of raw results, and, except for quick runs, to the documentation:
 * {@code benchmarks.md}, and {@code benchmarks/} with the tables as CSV and the charts.
 */
public final class ResultFiles {

    private static final String PAGE = "benchmarks.md";
    private static final String FOLDER = "benchmarks";

    private final Path raw;
    private final @Nullable Path docs;
    private final String conditions;

    /**
     * Creates an instance; folders are created when needed.
     *
     * @param raw the folder of raw results
     * @param docs the documentation's folder, or null for none
     * @param conditions date, machine and command, in one line of Markdown
     */
    public ResultFiles(Path raw, @Nullable Path docs, String conditions) {
        this.raw = raw;
        this.docs = docs;
        this.conditions = conditions;
    }

    /** Writes the results of a scenario. */
    public void write(String scenario, List<Table> tables) {
        try {
            Files.createDirectories(raw);
            writeFiles(raw, tables);
            Files.writeString(raw.resolve(scenario + ".md"), markdown(tables));
            if (docs != null) {
                Files.createDirectories(docs.resolve(FOLDER));
                writeFiles(docs.resolve(FOLDER), tables);
                Path page = docs.resolve(PAGE);
                Files.writeString(page, GeneratedPart.of(scenario).replace(Files.readString(page), markdown(tables)));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("The results of " + scenario + " could not be written", failure);
        }
    }

    private String markdown(List<Table> tables) {
        StringBuilder text = new StringBuilder();
        for (Table table : tables) {
            text.append("### ").append(table.title()).append("\n\n");
            text.append(table.text()).append("\n\n").append(conditions).append("\n\n");
            text.append(table.markdown()).append('\n');
            for (Chart chart : table.charts()) {
                text.append("![")
                        .append(chart.alternative())
                        .append("](")
                        .append(FOLDER)
                        .append('/');
                text.append(chart.file()).append(")\n\n");
            }
            text.append("[As CSV](")
                    .append(FOLDER)
                    .append('/')
                    .append(table.id())
                    .append(".csv)\n\n");
        }
        return text.toString();
    }

    private static void writeFiles(Path folder, List<Table> tables) throws IOException {
        for (Table table : tables) {
            Files.writeString(folder.resolve(table.id() + ".csv"), table.csv());
            for (Chart chart : table.charts()) {
                chart.write(folder);
            }
        }
    }
}
