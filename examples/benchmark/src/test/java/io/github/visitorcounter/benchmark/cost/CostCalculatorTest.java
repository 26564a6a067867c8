package io.github.visitorcounter.benchmark.cost;

import io.github.visitorcounter.benchmark.cost.CostCalculator.Cost;
import io.github.visitorcounter.benchmark.cost.CostCalculator.Measured;
import io.github.visitorcounter.benchmark.cost.CostCalculator.Site;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class CostCalculatorTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final String HOW_TO_WRITE =
            "java examples/benchmark/src/main/java/io/github/visitorcounter/benchmark/cost"
                    + "/CostCalculator.java write=docs/cost.md";

    private final CostCalculator calculator =
            new CostCalculator(List.of(new Measured(100, 10e-6, 2e-6), new Measured(1_000, 8e-6, 6e-6)));

    @Test
    void a_small_site_is_charged_for_each_message() {
        // 288 visits of 5 minutes mean one visitor at a time: 2 messages for its connect and disconnect, 1 for the new
        // connection.
        Cost cost = calculator.cost(new Site(288, 5, 1, 100));
        assertThat(cost.messages()).isCloseTo(288 * 3 / 1e6, within(1e-12));
        assertThat(cost.connectionMinutes()).isCloseTo(288 * 5 * 0.25 / 1e6, within(1e-12));
    }

    @Test
    void the_budget_limits_the_messages_of_each_counter() {
        assertThat(calculator.cost(new Site(10_000_000, 5, 1, 100)).messages()).isCloseTo(8.64, within(1e-9));
        assertThat(calculator.cost(new Site(10_000_000, 5, 3, 50)).messages()).isCloseTo(3 * 4.32, within(1e-9));
    }

    @Test
    void measured_units_are_interpolated() {
        assertThat(dynamoDbPerVisitor(1)).isCloseTo(10e-6, within(1e-12));
        assertThat(dynamoDbPerVisitor(550)).isCloseTo(9e-6, within(1e-12));
        assertThat(dynamoDbPerVisitor(5_000)).isCloseTo(8e-6, within(1e-12));
    }

    private double dynamoDbPerVisitor(int atOnce) {
        long visitors = atOnce * 288L;
        return calculator.cost(new Site(visitors, 5, 1, 100)).dynamoDb() / visitors;
    }

    @Test
    void several_counters_are_charged_for_index_and_metrics() {
        Cost one = calculator.cost(new Site(1_000, 5, 1, 100));
        Cost ten = calculator.cost(new Site(1_000, 5, 10, 100));
        assertThat(ten.dynamoDb() - one.dynamoDb()).isCloseTo(1_000 * 2 * 0.625 / 1e6, within(1e-9));
        assertThat(ten.monitoring() - one.monitoring()).isCloseTo(9 * 10 * 0.30 / 30, within(1e-9));
    }

    @Test
    void an_idle_stack_is_not_free() {
        Cost idle = calculator.cost(new Site(0, 5, 1, 100));
        assertThat(idle.withoutMonitoring()).isZero();
        assertThat(idle.monitoring() * 30).isCloseTo(1.80 + 3, within(1e-9));
    }

    /** Two sums of several metrics, and alarms of one each; without those of the count over HTTP, which is optional. */
    @Test
    void the_alarms_are_those_of_the_stacks() throws IOException {
        String template = Files.readString(ROOT.resolve("examples-sam/template.yaml"));
        assertThat(count(template, "          MetricStat:")
                        + count(template, "      MetricName:")
                        + count(template, "Expression: !Sub SELECT")
                        - count(template, "Value: !Ref HttpCountFunction"))
                .isEqualTo(CostCalculator.ALARM_METRICS);
    }

    private static int count(String text, String part) {
        Matcher matcher = Pattern.compile(Pattern.quote(part)).matcher(text);
        return (int) matcher.results().count();
    }

    @Test
    void the_pages_contain_the_computed_figures() throws IOException {
        CostCalculator fromMeasurements =
                new CostCalculator(CostCalculator.read(ROOT.resolve("docs/benchmarks/churn.csv")));
        assertThat(Files.readString(ROOT.resolve("docs/cost.md")))
                .as("write it again: " + HOW_TO_WRITE)
                .contains(fromMeasurements.table(), fromMeasurements.summary());
        for (String page : CostCalculator.PAGES_WITH_LINE) {
            assertThat(Files.readString(ROOT.resolve(page)))
                    .as(page + "; write it again: " + HOW_TO_WRITE)
                    .contains(fromMeasurements.line());
        }
    }

    @Test
    void a_page_without_marks_is_rejected() {
        assertThatThrownBy(() -> CostCalculator.replace("# Cost", "cost-table", "| |"))
                .hasMessageContaining("<!-- generated: cost-table -->");
    }
}
