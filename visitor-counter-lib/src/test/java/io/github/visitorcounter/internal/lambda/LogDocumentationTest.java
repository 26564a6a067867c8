package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.DeliveryStats;
import io.github.visitorcounter.reconcile.ReconcileReport;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the log lines with docs/operations.md. */
class LogDocumentationTest {

    private static final Path OPERATIONS = Path.of("../docs/operations.md");
    private static final Path SOURCES = Path.of("src/main/java");

    private static final Pattern MESSAGE =
            Pattern.compile("LogLine\\.(?:debug|info|warn|error)\\(\\s*(?:\"([^\"]+)\"|(REJECTED))\\)");
    private static final Pattern CONSTANT = Pattern.compile("String REJECTED = \"([^\"]+)\"");
    private static final Pattern FIELD = Pattern.compile("\\.with\\(\\s*\"([^\"]+)\"");
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| [A-Z].*? \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([A-Za-z]+)`");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|@?[A-Za-z][A-Za-z.]*");

    /** Keywords of the query language, and names of results in the queries. */
    private static final Set<String> LANGUAGE = Set.of(
            "fields",
            "filter",
            "stats",
            "sort",
            "limit",
            "by",
            "as",
            "and",
            "or",
            "desc",
            "asc",
            "like",
            "in",
            "not",
            "sum",
            "max",
            "avg",
            "count",
            "pct",
            "bin",
            "ispresent",
            "messages",
            "lines",
            "m",
            "@timestamp",
            "@message");

    /** The fields of Lambda's own lines. */
    private static final Set<String> OF_LAMBDA =
            Set.of("type", "record.metrics.restoreDurationMs", "timestamp", "level", "message", "AWSRequestId");

    @Test
    void every_message_has_a_row() throws IOException {
        Set<String> written = new TreeSet<>();
        for (String source : sources()) {
            Matcher constant = CONSTANT.matcher(source);
            String rejected = constant.find() ? constant.group(1) : null;
            MESSAGE.matcher(source)
                    .results()
                    .forEach(match -> written.add(match.group(1) == null ? rejected : match.group(1)));
        }

        assertThat(rows().keySet()).isEqualTo(written).hasSizeGreaterThan(15);
    }

    @Test
    void every_field_is_in_a_row() throws IOException {
        Set<String> written = new TreeSet<>();
        for (String source : sources()) {
            FIELD.matcher(source).results().forEach(match -> written.add(match.group(1)));
        }
        Set<String> documented = new TreeSet<>();
        rows().values().forEach(documented::addAll);

        assertThat(documented).isEqualTo(written);
    }

    @Test
    void rows_of_reports_have_all_fields() throws IOException {
        Map<String, Set<String>> rows = rows();
        List<LogLine> lines = new ArrayList<>(ReportLines.reconcile(new ReconcileReport(
                2,
                2,
                Instant.EPOCH,
                40,
                3,
                30,
                0,
                1,
                Map.of("site", 5L),
                1,
                List.of("site"),
                0,
                Duration.ofMillis(95),
                false)));
        lines.add(ReportLines.broadcast(new BroadcastReport(
                "site",
                BroadcastReport.Outcome.SENT,
                981,
                1,
                new DeliveryStats(12, 10, 1, 0, 1, 1, 14),
                Duration.ofMillis(340),
                Duration.ofMillis(95))));

        assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(rows.get(line.message()))
                .isEqualTo(new TreeSet<>(line.fields().keySet())));
    }

    /** A query for a field that does not exist returns nothing, without an error. */
    @Test
    void queries_use_only_existing_fields() throws IOException {
        String chapter = chapter();
        Set<String> known = new TreeSet<>(OF_LAMBDA);
        rows().values().forEach(known::addAll);
        Set<String> messages = rows().keySet();
        List<String> queries = Pattern.compile("\n\n```\n(.*?)\n```", Pattern.DOTALL)
                .matcher(chapter)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(queries).hasSizeGreaterThanOrEqualTo(3).allSatisfy(query -> WORD.matcher(query)
                .results()
                .map(match -> match.group())
                .filter(word -> !LANGUAGE.contains(word))
                .forEach(word -> {
                    if (word.startsWith("\"")) {
                        String text = word.substring(1, word.length() - 1);
                        assertThat(messages.contains(text) || text.matches("platform\\.report|[A-Z]+|[a-z]+"))
                                .as(text)
                                .isTrue();
                    } else {
                        assertThat(known).contains(word);
                    }
                }));
    }

    private static String chapter() throws IOException {
        String page = Files.readString(OPERATIONS);
        int start = page.indexOf("\n## Logs");
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    /** Returns the fields of each message in the table. */
    private static Map<String, Set<String>> rows() throws IOException {
        Map<String, Set<String>> rows = new TreeMap<>();
        ROW.matcher(chapter()).results().forEach(row -> {
            Set<String> fields = new TreeSet<>();
            CODE.matcher(row.group(2)).results().forEach(code -> fields.add(code.group(1)));
            rows.put(row.group(1), fields);
        });
        return rows;
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }
}
