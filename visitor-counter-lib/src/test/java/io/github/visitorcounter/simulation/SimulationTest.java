package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.Simulation.Outcome;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the promises in thousands of small simulation runs with injected faults. The seed determines a run; see
 * docs/testing.md. {@code -Dseed=…} replays a run and prints its trace; {@code -Dminutes=…} runs new seeds for so long.
 */
class SimulationTest {

    /** The number of seeds in a build: the same on every machine, so that results are reproducible. */
    private static final long RUNS = 400;

    private static final long FIRST_SEED = 1;

    @Test
    void promises_hold_in_every_run() throws Exception {
        Long seed = Long.getLong("seed");
        Integer minutes = Integer.getInteger("minutes");
        if (seed != null) {
            replay(seed);
        } else if (minutes == null) {
            explore(FIRST_SEED, Duration.ZERO, RUNS);
        } else {
            explore(ThreadLocalRandom.current().nextLong(1L << 40), Duration.ofMinutes(minutes), 0);
        }
    }

    private static void replay(long seed) {
        Outcome outcome = Simulation.run(seed, true);
        System.out.println(outcome.trace());
        assertThat(outcome.problem()).as("seed %s (%s)", seed, outcome.kind()).isNull();
    }

    private static void explore(long firstSeed, Duration time, long minRuns) throws Exception {
        Exploration exploration = Exploration.run(firstSeed, time, minRuns, System.out::println);
        System.out.println(exploration.summary());
        assertThat(exploration.failures()).isEmpty();
    }

    @Test
    void same_seed_gives_the_same_run() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
            Outcome one = Simulation.run(seed, false);
            Outcome other = Simulation.run(seed, true);
            assertThat(other.fingerprint()).as("seed %s", seed).isEqualTo(one.fingerprint());
        }
    }
}
