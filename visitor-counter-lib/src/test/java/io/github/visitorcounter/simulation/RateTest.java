package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.RateScenario.Load;
import io.github.visitorcounter.simulation.RateScenario.Result;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Nobody is rejected because others come at the same time (G10): in virtual time, the same on every machine. */
class RateTest {

    @Test
    void five_hundred_in_and_five_hundred_out_a_second_are_all_counted() throws Throwable {
        Result result = RateScenario.run(new Load(500, 500, 5, 10, 64));

        assertThat(result.rejected()).isZero();
        assertThat(result.shards()).isEqualTo(64);
    }

    @Test
    void a_thousand_within_a_second_on_a_counter_with_one_row_are_all_counted() throws Throwable {
        assertThat(RateScenario.run(new Load(1_000, 0, 1, 10, 64)).rejected()).isZero();
    }

    @Test
    void a_quiet_counter_keeps_its_one_row() throws Throwable {
        Result result = RateScenario.run(new Load(5, 5, 60, 10, 64));

        assertThat(result.shards()).isEqualTo(1);
        assertThat(result.rejected()).isZero();
        assertThat(result.attempts()).isLessThan(1.25);
    }

    @Test
    void one_row_alone_rejects_some() throws Throwable {
        assertThat(RateScenario.run(new Load(100, 100, 15, 10, 1)).rejected()).isGreaterThan(100);
    }
}
