package io.github.visitorcounter.simulation;

import io.github.visitorcounter.simulation.Simulation.Outcome;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The promises, in thousands of small worlds in which everything goes wrong that may. A world is decided by its seed; see
 * docs/testing.md. {@code -Dseed=…} replays one and prints what happens in it; {@code -Dminutes=…} explores new ones for so long.
 */
class SimulationTest {

    /** The same worlds on every machine, so that a build that was green stays green. */
    private static final long WORLDS = 2_000;

    private static final long FIRST_SEED = 1;

    @Test
    void the_promises_hold_in_every_world() throws Exception {
        Long seed = Long.getLong("seed");
        Integer minutes = Integer.getInteger("minutes");
        if (seed != null) {
            replay(seed);
        } else if (minutes == null) {
            explore(FIRST_SEED, Duration.ZERO, WORLDS);
        } else {
            explore(ThreadLocalRandom.current().nextLong(1L << 40), Duration.ofMinutes(minutes), 0);
        }
    }

    private static void replay(long seed) {
        Outcome outcome = Simulation.run(seed, true);
        System.out.println(outcome.trace());
        assertThat(outcome.problem()).as("seed %s (%s)", seed, outcome.kind()).isNull();
    }

    private static void explore(long firstSeed, Duration time, long least) throws Exception {
        Exploration exploration = Exploration.run(firstSeed, time, least, System.out::println);
        System.out.println(exploration.summary());
        assertThat(exploration.failures()).isEmpty();
    }

    @Test
    void the_same_seed_is_the_same_world() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
            Outcome one = Simulation.run(seed, false);
            Outcome other = Simulation.run(seed, true);
            assertThat(other.fingerprint()).as("seed %s", seed).isEqualTo(one.fingerprint());
        }
    }
}
