package io.github.visitorcounter.simulation;

import java.time.Duration;
import java.util.Set;

/** One world, from its first visitor to the quiet after its last: what happens in it is decided by its seed. */
final class Simulation {

    private static final Duration LONG_AFTER = Duration.ofMinutes(3);
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(40);
    private static final Duration SCHEDULE = Duration.ofMinutes(5);
    private static final Duration UNTIL_ALL_EXPIRED = Duration.ofHours(3);
    private static final Duration LONG_UNUSED = Duration.ofDays(29);

    /** The only counter that the settings name; a wildcard admits all others. */
    private static final String NAMED = "site";

    private static final int RECONCILES = 3;

    /** A wake-up that finds the lease held by a pass that waits a second for a bad connection, and the wake-up after it. */
    private static final Duration SOON = Duration.ofMillis(4_500);

    private static final int PROBED = 100;

    private final SimulatedWorld world;
    private final Scenario scenario;
    private final Invariants ledger;
    private final MemoryDynamoDb tables;
    private final Functions functions;
    private final Gateway gateway;

    private Simulation(long seed, boolean tracing) {
        this.world = new SimulatedWorld(seed, tracing);
        this.scenario = Scenario.draw(world.dice());
        this.ledger = new Invariants(world, scenario.habits());
        this.tables = MemoryDynamoDb.withTables(world::now, ledger);
        this.functions = new Functions(world, ledger);
        this.gateway = new Gateway(world, functions, ledger, scenario.habits());
        ledger.watch(gateway, new CounterStream(world, functions, ledger));
    }

    /**
     * What came of a world.
     *
     * @param kind what it was about
     * @param events how much happened
     * @param fingerprint the same for the same world
     * @param problem what was wrong, or null
     * @param trace what happened, when it was asked for
     */
    record Outcome(String kind, long events, long fingerprint, Throwable problem, String trace) {}

    static Outcome run(long seed, boolean tracing) {
        Simulation simulation = new Simulation(seed, tracing);
        Throwable problem = null;
        try {
            simulation.live();
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

    private void live() throws Throwable {
        world.log(scenario::toString);
        world.troubles(scenario.troubles());
        deployAll();
        welcomeAll();
        world.scheduler().runUntilQuiet();
        rest();
    }

    private void deployAll() {
        long all = SimulatedWorld.micros(scenario.arrivals()) + SimulatedWorld.micros(scenario.stay());
        for (int i = 0; i < scenario.deployments().size(); i++) {
            Deployment deployment = scenario.deployments().get(i);
            ledger.deployed(deployment);
            if (i == 0) {
                functions.deploy(stack(deployment));
            } else {
                Deployment before = scenario.deployments().get(i - 1);
                world.scheduler().after(world.dice().upTo(all / 1_000.0), () -> {
                    functions.deploy(stack(deployment));
                    if (before.indexed() && !deployment.indexed()) {
                        ledger.gaveUpStragglers("whom a pass by the index did not see, and whose own trigger scans");
                    }
                    if (deployment.announces() && !before.announces()) {
                        ledger.gaveUp("departures that the old functions count under the new filter");
                    }
                });
            }
        }
        new OperatorErrors(world, tables, gateway, ledger).plan(scenario.damage(), scenario.counters(), all);
        for (int i = 0; i < scenario.reconciles(); i++) {
            world.scheduler()
                    .after(
                            world.dice().upTo(all / 1_000.0),
                            () -> functions.invoke(Functions.RECONCILE, "schedule", "{}", answer -> {}));
        }
        for (int i = 0; i < scenario.outages(); i++) {
            long length = world.dice().upTo(LONGEST_OUTAGE.toMillis());
            world.scheduler().after(world.dice().upTo(all / 1_000.0), () -> world.outage(length));
        }
        world.scheduler().after(all, () -> {
            world.log(() -> "The troubles are over");
            world.troubles(InjectedFaults.NONE);
        });
    }

    private void welcomeAll() {
        long arrivals = SimulatedWorld.micros(scenario.arrivals());
        for (int i = 0; i < scenario.visitors(); i++) {
            boolean bad = scenario.badConnection() && i == 0;
            long stay = world.dice().chance(scenario.faithful())
                    ? Gateway.FOR_GOOD
                    : (long) (-Math.log(1 - world.dice().fraction()) * SimulatedWorld.micros(scenario.stay()));
            String counterId = world.dice().one(scenario.counters());
            long at = bad ? 0 : world.dice().upTo(arrivals / 1_000.0);
            world.scheduler().after(at, () -> {
                Socket socket = gateway.visit(counterId, stay);
                if (bad) {
                    socket.turnBad();
                }
            });
        }
    }

    /** Nothing moves any more. Now the promises must be kept. */
    private void rest() throws Throwable {
        world.log(() -> "All is quiet");
        if (scenario.deployments().stream().anyMatch(deployment -> !deployment.mayInvokeItself())
                && scenario.troubles().hanging() > 0) {
            ledger.gaveUpStragglers("who could not be told in the time of a function that may not invoke itself");
        }
        if (ledger.hasGivenUp() || scenario.damage() != Scenario.Damage.NONE) {
            reconcile();
        }
        if (ledger.hasGivenUpStragglers()) {
            welcomeOneMore();
        }
        ledger.everyoneKnows();
        gateway.forgetTheVanished();
        world.scheduler().runFor(SimulatedWorld.micros(LONG_AFTER));
        // The reconcile probes the oldest connections only.
        if (scenario.visitors() < PROBED && world.dice().chance(0.5)) {
            reconcile();
        } else {
            welcomeOneMore();
        }
        ledger.everyoneKnows();
        ledger.nobodyIsCountedWhoIsNotThere();
        ledger.noMinuteIsTooExpensive(scenario.troubles().equals(InjectedFaults.NONE));
        if (scenario.kind().equals("crowd")) {
            ledger.aCrowdIsCheap();
        }
        if (scenario.badConnection()) {
            ledger.everyoneHearsWithin(SimulatedWorld.micros(SOON));
        }
        if (scenario.damage() == Scenario.Damage.NONE && world.dice().chance(0.2)) {
            monthLater();
        }
        world.scheduler().throwFailure();
    }

    /** The schedule goes on. */
    private void reconcile() throws Throwable {
        for (int time = 0; time < RECONCILES; time++) {
            world.scheduler().runFor(SimulatedWorld.micros(SCHEDULE));
            functions.invoke(Functions.RECONCILE, "schedule", "{}", answer -> {});
            world.scheduler().runUntilQuiet();
        }
    }

    /** Everyone leaves without a word, and nobody comes for a month: unused counters are removed, and begin again. */
    private void monthLater() throws Throwable {
        world.log(() -> "Nobody comes for a month");
        gateway.closeAll();
        world.scheduler().runFor(SimulatedWorld.micros(UNTIL_ALL_EXPIRED));
        reconcile();
        world.scheduler().runFor(SimulatedWorld.micros(LONG_UNUSED));
        reconcile();
        ledger.onlyThisCounterIsLeft(NAMED);
        ledger.visitsHaveEnded();
        welcomeOneMore();
        ledger.everyoneKnows();
        ledger.nobodyIsCountedWhoIsNotThere();
    }

    private void welcomeOneMore() throws Throwable {
        world.log(() -> "Somebody comes to every counter");
        scenario.counters().forEach(counterId -> gateway.visit(counterId, Gateway.FOR_GOOD));
        world.scheduler().runUntilQuiet();
    }

    private SimulatedStack stack(Deployment deployment) {
        return new SimulatedStack(
                world, deployment, tables, functions, gateway, Set.of(NAMED, "h*"), scenario.habits());
    }
}
