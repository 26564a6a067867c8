package io.github.visitorcounter.benchmark;

import io.github.visitorcounter.benchmark.scenario.Limits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The benchmark runs. Its results are not checked, except that no page of this library ends with a wrong number. Pages
 * of the original design may: its broadcasts of two departures overtake each other.
 */
@Tag("slow")
class BenchmarkIT {

    private static final Limits SHORT = new Limits(
            Duration.ofSeconds(60),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            1);

    @TempDir
    Path folder;

    @Test
    void both_designs_are_measured_with_ten_visitors() throws Exception {
        Path docs = Files.createDirectory(folder.resolve("docs"));
        Files.writeString(docs.resolve("benchmarks.md"), """
                <!-- generated: arrivals -->
                <!-- end of generated: arrivals -->
                <!-- generated: pass -->
                <!-- end of generated: pass -->
                <!-- generated: stack -->
                <!-- end of generated: stack -->
                """);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BenchmarkOptions options = new BenchmarkOptions(
                List.of("arrivals", "pass", "stack"), List.of(10), List.of(0), SHORT, docs, folder.resolve("raw"));

        Benchmark.run(options, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Visitors arrive", "Half of them leave", "One pass");
        for (String id : List.of("arrivals", "departures")) {
            List<String> rows = Files.readAllLines(folder.resolve("raw/" + id + ".csv"));
            assertThat(rows).hasSize(3);
            int wrong = List.of(rows.get(0).split(",", -1)).indexOf("pages that end wrong");
            assertThat(rows)
                    .filteredOn(row -> row.contains("this library"))
                    .singleElement()
                    .satisfies(row -> assertThat(row.split(",", -1)[wrong]).isEqualTo("0"));
        }
        assertThat(Files.readAllLines(folder.resolve("raw/pass.csv"))).hasSize(4);
        assertThat(Files.readAllLines(folder.resolve("raw/stack-sockets.csv")))
                .last()
                .asString()
                .startsWith("10,10,");
        assertThat(docs.resolve("benchmarks/pass-posts.png")).isNotEmptyFile();
        assertThat(docs.resolve("benchmarks.md")).content().contains("this library", "benchmarks/pass.csv");
    }
}
