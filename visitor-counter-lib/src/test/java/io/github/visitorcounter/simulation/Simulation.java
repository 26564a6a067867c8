package io.github.visitorcounter.simulation;

import java.time.Duration;
import java.util.Set;

/** A simulation run, from the first connect until no event is left. The seed determines all events. */
final class Simulation {

    private static final Duration SETTLING_TIME = Duration.ofMinutes(3);
    private static final Duration MAX_OUTAGE = Duration.ofSeconds(40);
    private static final Duration SCHEDULE = Duration.ofMinutes(5);
    private static final Duration UNTIL_ALL_EXPIRED = Duration.ofHours(3);
    private static final Duration LONG_UNUSED = Duration.ofDays(29);

    /** The only named counter; a wildcard admits all others. */
    private static final String NAMED = "site";

    private static final int RECONCILES = 3;

    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    /**
     * Covers a wake-up that finds the lease held by a pass that waits a second for a bad connection, and the next
     * wake-up.
     */
    private static final Duration SOON = Duration.ofMillis(4_500);

    private static final int PROBED = 100;

    private final SimulatedWorld world;
    private final Scenario scenario;
    private final Invariants invariants;
    private final MemoryDynamoDb tables;
    private final Functions functions;
    private final Gateway gateway;

    private Simulation(long seed, boolean tracing) {
        this.world = new SimulatedWorld(seed, tracing);
        this.scenario = Scenario.draw(world.randomness());
        this.invariants = new Invariants(world, scenario.behaviour());
        this.tables = MemoryDynamoDb.withTables(world::now, invariants);
        this.functions = new Functions(world, invariants);
        this.gateway = new Gateway(world, functions, invariants, scenario.behaviour());
        gateway.pages(scenario.counters());
        invariants.watch(gateway, new CounterStream(world, functions, invariants));
    }

    /**
     * The outcome of a run.
     *
     * @param kind the kind of its scenario
     * @param events the number of events
     * @param fingerprint a hash of its events
     * @param problem the failure, or null
     * @param trace its trace, empty unless requested
     */
    record Outcome(String kind, long events, long fingerprint, Throwable problem, String trace) {}

    static Outcome run(long seed, boolean tracing) {
        Simulation simulation = new Simulation(seed, tracing);
        Throwable problem = null;
        try {
            simulation.simulate();
        } catch (Throwable wrong) {
            problem = wrong;
        } finally {
            simulation.world.scheduler().end();
        }
        return new Outcome(
                simulation.scenario.kind(),
                simulation.world.scheduler().events(),
                simulation.world.scheduler().fingerprint(),
                problem,
                simulation.world.trace());
    }

    private void simulate() throws Throwable {
        world.log(scenario::toString);
        world.faults(scenario.faults());
        deployAll();
        connectAll();
        world.scheduler().runUntilQuiet();
        checkInvariants();
    }

    private void deployAll() {
        long all = SimulatedWorld.micros(scenario.arrivals()) + SimulatedWorld.micros(scenario.stay());
        for (int i = 0; i < scenario.deployments().size(); i++) {
            Deployment deployment = scenario.deployments().get(i);
            invariants.deployed(deployment);
            if (i == 0) {
                functions.deploy(stack(deployment));
            } else {
                Deployment before = scenario.deployments().get(i - 1);
                world.scheduler().after(world.randomness().upTo(all / 1_000.0), () -> {
                    functions.deploy(stack(deployment));
                    if (before.indexed() && !deployment.indexed()) {
                        invariants.discardedFollowUp(
                                "connections that a pass by the index did not see, and whose own trigger scans");
                    }
                    if (deployment.requestsBroadcasts() && !before.requestsBroadcasts()) {
                        invariants.discarded("disconnects that the old functions count under the new filter");
                    }
                });
            }
        }
        new OperatorErrors(world, tables, gateway, invariants).plan(scenario.damage(), scenario.counters(), all);
        for (int i = 0; i < scenario.reconciles(); i++) {
            world.scheduler()
                    .after(
                            world.randomness().upTo(all / 1_000.0),
                            () -> functions.invoke(Functions.RECONCILE, "schedule", "{}", answer -> {}));
        }
        for (int i = 0; i < scenario.outages(); i++) {
            long length = world.randomness().upTo(MAX_OUTAGE.toMillis());
            world.scheduler().after(world.randomness().upTo(all / 1_000.0), () -> world.outage(length));
        }
        world.scheduler().after(all, () -> {
            world.log(() -> "The faults end");
            world.faults(InjectedFaults.NONE);
        });
    }

    private void connectAll() {
        long arrivals = SimulatedWorld.micros(scenario.arrivals());
        for (int i = 0; i < scenario.visitors(); i++) {
            boolean bad = scenario.badConnection() && i == 0;
            long stay = world.randomness().chance(scenario.faithful())
                    ? Gateway.FOR_GOOD
                    : (long) (-Math.log(1 - world.randomness().fraction()) * SimulatedWorld.micros(scenario.stay()));
            String counterId = world.randomness().one(scenario.counters());
            long at = bad ? 0 : world.randomness().upTo(arrivals / 1_000.0);
            world.scheduler().after(at, () -> {
                Socket socket = gateway.visit(counterId, stay);
                if (bad) {
                    socket.turnBad();
                }
            });
        }
    }

    /** Checks the promises after the last event. */
    private void checkInvariants() throws Throwable {
        world.log(() -> "No event is left");
        if (scenario.deployments().stream().anyMatch(deployment -> !deployment.mayInvokeItself())
                && scenario.faults().hanging() > 0) {
            invariants.discardedFollowUp("connections beyond the time of a function that may not invoke itself");
        }
        if (invariants.hasDiscarded() || scenario.damage() != Scenario.Damage.NONE) {
            reconcile();
        }
        if (invariants.hasDiscardedFollowUps()) {
            connectOneMore();
        }
        invariants.reachablePagesAreCurrent();
        gateway.closeVanished();
        world.scheduler().runFor(SimulatedWorld.micros(SETTLING_TIME));
        // The reconcile probes the oldest connections only.
        if (scenario.visitors() < PROBED && world.randomness().chance(0.5)) {
            reconcile();
        } else {
            connectOneMore();
        }
        invariants.reachablePagesAreCurrent();
        invariants.liveMatchesOpenConnections();
        invariants.messagesStayWithinBudget(scenario.faults().equals(InjectedFaults.NONE));
        if (scenario.kind().equals("crowd")) {
            invariants.crowdCostIsProportional();
        }
        if (scenario.badConnection()) {
            invariants.changesAreReceivedWithin(SimulatedWorld.micros(SOON));
        }
        if (scenario.damage() == Scenario.Damage.NONE && world.randomness().chance(0.2)) {
            simulateUnusedMonth();
        }
        world.scheduler().throwFailure();
    }

    /** Runs scheduled reconciles. */
    private void reconcile() throws Throwable {
        for (int time = 0; time < RECONCILES; time++) {
            world.scheduler().runFor(SimulatedWorld.micros(SCHEDULE));
            functions.invoke(Functions.RECONCILE, "schedule", "{}", answer -> {});
            world.scheduler().runUntilQuiet();
        }
    }

    /**
     * Closes all connections without disconnect events, and lets a month pass: unused counters are removed, and start
     * again with the next connect.
     */
    private void simulateUnusedMonth() throws Throwable {
        world.log(() -> "No connects for a month");
        gateway.closeAll();
        world.scheduler().runFor(SimulatedWorld.micros(UNTIL_ALL_EXPIRED));
        reconcile();
        world.scheduler().runFor(SimulatedWorld.micros(LONG_UNUSED));
        reconcile();
        invariants.onlyRemainingCounterIs(NAMED);
        invariants.visitsHaveEnded();
        connectOneMore();
        invariants.reachablePagesAreCurrent();
        invariants.liveMatchesOpenConnections();
    }

    /** Connects when the last broadcast is so old that a change is broadcast whatever pages see of it. */
    private void connectOneMore() throws Throwable {
        if (!scenario.behaviour().seesExactNumbers()) {
            world.scheduler().runFor(SimulatedWorld.micros(MAX_AGE));
        }
        world.log(() -> "One connect to every counter");
        scenario.counters().forEach(gateway::visitForGood);
        world.scheduler().runUntilQuiet();
    }

    private SimulatedStack stack(Deployment deployment) {
        return new SimulatedStack(
                world, deployment, tables, functions, gateway, Set.of(NAMED, "h*"), scenario.behaviour());
    }
}
