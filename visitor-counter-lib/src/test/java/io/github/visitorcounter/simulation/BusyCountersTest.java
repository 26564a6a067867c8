package io.github.visitorcounter.simulation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** A hundred counters with one change per second each, for half a minute of virtual time. */
class BusyCountersTest {

    private static final int COUNTERS = 100;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration STAY = Duration.ofSeconds(20);
    private static final int CONNECTS_PER_SECOND = COUNTERS / 2;
    private static final double MAX_CONCURRENT = 5;

    @Test
    void concurrency_of_invocations_is_limited() throws Throwable {
        SimulatedWorld world = new SimulatedWorld(7, false);
        Invariants invariants = new Invariants(world, VisitorBehaviour.SIMPLE);
        MemoryDynamoDb tables = MemoryDynamoDb.withTables(world::now, invariants);
        Functions functions = new Functions(world, invariants);
        Gateway gateway = new Gateway(world, functions, invariants, VisitorBehaviour.SIMPLE);
        invariants.watch(gateway, new CounterStream(world, functions, invariants));
        invariants.deployed(Deployment.MANY_COUNTERS);
        List<String> counters =
                IntStream.range(0, COUNTERS).mapToObj(i -> "page-" + i).toList();
        functions.deploy(new SimulatedStack(
                world,
                Deployment.MANY_COUNTERS,
                tables,
                functions,
                gateway,
                Set.copyOf(counters),
                VisitorBehaviour.SIMPLE));
        for (int i = 0; i < CONNECTS_PER_SECOND * TIME.toSeconds(); i++) {
            String counterId = counters.get(i % COUNTERS);
            world.scheduler()
                    .after(
                            world.randomness().upTo(TIME.toMillis()),
                            () -> gateway.visit(counterId, SimulatedWorld.micros(STAY)));
        }

        world.scheduler().runFor(SimulatedWorld.micros(TIME));

        double concurrent =
                (double) (functions.busyMicros(Functions.BROADCAST) + functions.busyMicros(Functions.WAKE_UP))
                        / SimulatedWorld.micros(TIME);
        System.out.printf("%d busy counters: %.1f concurrent broadcasting executions%n", COUNTERS, concurrent);
        world.scheduler().end();
        assertThat(concurrent).isBetween(0.1, MAX_CONCURRENT);
    }
}
