package io.github.visitorcounter.benchmark;

import io.github.visitorcounter.benchmark.scenario.Limits;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BenchmarkOptionsTest {

    private static final List<String> KNOWN = List.of("arrivals", "churn");

    @Test
    void by_default_all_scenarios_run_in_full() {
        BenchmarkOptions options = BenchmarkOptions.from(new Properties(), KNOWN);

        assertThat(options)
                .isEqualTo(new BenchmarkOptions(
                        KNOWN, List.of(), List.of(), Limits.FULL, null, Path.of("target/benchmark")));
        assertThat(options.command()).isEqualTo("mvn -Pbenchmark -Dscenarios=arrivals,churn");
    }

    @Test
    void the_command_gives_the_same_options() {
        BenchmarkOptions options = BenchmarkOptions.from(
                properties(Map.of("scenarios", "churn", "sizes", "10,20", "latencies", "0")), KNOWN);

        assertThat(options.sizes()).containsExactly(10, 20);
        assertThat(options.latenciesMillis()).containsExactly(0);
        assertThat(options.command()).isEqualTo("mvn -Pbenchmark -Dscenarios=churn -Dsizes=10,20 -Dlatencies=0");
    }

    @Test
    void a_quick_run_leaves_the_documentation_alone() {
        assertThat(BenchmarkOptions.from(properties(Map.of("mode", "quick", "docs", "docs")), KNOWN)
                        .docs())
                .isNull();
        assertThat(BenchmarkOptions.from(properties(Map.of("mode", "full", "docs", "docs")), KNOWN)
                        .docs())
                .isEqualTo(Path.of("docs"));
    }

    @Test
    void all_invalid_options_are_reported_at_once() {
        Properties wrong = properties(Map.of("scenarios", "arivals", "sizes", "0,ten,10001", "mode", "slow"));

        assertThatThrownBy(() -> BenchmarkOptions.from(wrong, KNOWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'arivals'", "'0'", "'ten'", "'10001'", "-Dmode=slow");
    }

    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
