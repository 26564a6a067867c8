package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.Simulation.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SimulationTest {

    @Test
    void the_promises_hold_in_every_world() throws Exception {
        Long seed = Long.getLong("seed");
        if (seed != null) {
            Outcome outcome = Simulation.run(seed, true);
            System.out.println(outcome.trace());
            System.out.println("Seed " + seed + " (" + outcome.kind() + "): "
                    + (outcome.problem() == null ? "all promises hold" : outcome.problem()));
            assertThat(outcome.problem()).isNull();
            return;
        }
        Exploration exploration = Exploration.run(
                Long.getLong("firstSeed", 1), Long.getLong("seconds", 40), Integer.getInteger("mostFailures", 10));
        System.out.println(exploration.summary());
        assertThat(exploration.failures()).isEmpty();
        assertThat(exploration.worlds()).isGreaterThan(500);
    }

    @Test
    void the_same_seed_is_the_same_world() {
        for (long seed = 1; seed <= 30; seed++) {
            Outcome one = Simulation.run(seed, false);
            Outcome other = Simulation.run(seed, true);
            assertThat(other.fingerprint()).as("seed %s", seed).isEqualTo(one.fingerprint());
        }
    }
}
