package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.RateScenario.Load;
import io.github.visitorcounter.simulation.RateScenario.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks that no connect is rejected because of concurrent connects (G10), in virtual time, so that results are
 * reproducible.
 */
@Tag("slow")
class RateTest {

    @Test
    void five_hundred_connects_and_disconnects_per_second_are_counted_quickly() throws Throwable {
        Result result = RateScenario.run(new Load(500, 500, 15, 10, 64));

        assertThat(result.rejected()).isZero();
        assertThat(result.shards()).isEqualTo(64);
        assertThat(result.p99()).isLessThanOrEqualTo(250);
        assertThat(result.attempts()).isLessThanOrEqualTo(1.6);
    }

    @Test
    void thousand_connects_on_one_row_are_counted() throws Throwable {
        assertThat(RateScenario.run(new Load(1_000, 0, 1, 10, 64)).rejected()).isZero();
    }

    @Test
    void quiet_counter_keeps_one_row() throws Throwable {
        Result result = RateScenario.run(new Load(5, 5, 60, 10, 64));

        assertThat(result.shards()).isEqualTo(1);
        assertThat(result.rejected()).isZero();
        assertThat(result.attempts()).isLessThan(1.25);
    }

    @Test
    void single_row_rejects_some_connects() throws Throwable {
        assertThat(RateScenario.run(new Load(200, 200, 3, 10, 1)).rejected()).isGreaterThan(30);
    }

    /** Plain writes do not conflict, but one row takes no more than 1,000 per second. */
    @Test
    void original_design_is_throttled_above_a_thousand_changes_per_second() throws Throwable {
        assertThat(RateScenario.run(new Load(100, 100, 10, 10, Load.ORIGINAL)).attempts())
                .isEqualTo(1);
        Result throttled = RateScenario.run(new Load(1_000, 1_000, 1, 10, Load.ORIGINAL));

        assertThat(throttled.attempts()).isGreaterThan(1.3);
        assertThat(throttled.p99()).isGreaterThan(1_000);
    }
}
