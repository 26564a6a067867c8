package io.github.visitorcounter.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The scenario of a simulation run.
 *
 * @param kind its name
 * @param counters the counters of the site
 * @param visitors the number of visitors
 * @param arrivals the period in which they connect
 * @param faithful the share of them that never disconnects
 * @param stay the average stay of the others
 * @param behaviour their behaviour
 * @param deployments the settings, deployed one after another
 * @param faults the faults, which end after the last regular connect or disconnect
 * @param outages the number of DynamoDB outages, each of some seconds
 * @param damage the damage to the tables
 * @param reconciles the number of reconciles meanwhile
 * @param badConnection whether posts to one connection are never answered, without any other fault
 */
record Scenario(
        String kind,
        List<String> counters,
        int visitors,
        Duration arrivals,
        double faithful,
        Duration stay,
        VisitorBehaviour behaviour,
        List<Deployment> deployments,
        InjectedFaults faults,
        int outages,
        Damage damage,
        int reconciles,
        boolean badConnection) {

    /** Damage to the tables. */
    enum Damage {
        NONE,
        /** The number is overwritten. */
        EDITED,
        /** The counter's row is deleted. */
        LOST,
        /** Both tables are restored from a backup; all pages have to reconnect. */
        RESTORED
    }

    static Scenario draw(Randomness random) {
        double kind = random.fraction();
        if (kind < 0.39) {
            return allFaults(random);
        } else if (kind < 0.47) {
            return waver(random);
        } else if (kind < 0.62) {
            return site(random);
        } else if (kind < 0.70) {
            return slow(random);
        } else if (kind < 0.80) {
            return churn(random);
        } else if (kind < 0.90) {
            return crowd(random);
        } else if (kind < 0.92) {
            return falseGone(random);
        }
        return badConnection(random);
    }

    /** A few visitors, and all faults. */
    private static Scenario allFaults(Randomness random) {
        List<Deployment> deployments = random.chance(0.75)
                ? List.of(Deployment.draw(random))
                : List.of(Deployment.draw(random), Deployment.draw(random));
        return new Scenario(
                "faults",
                random.chance(0.5) ? List.of("site") : List.of("site", "home"),
                random.between(1, 12),
                Duration.ofMillis(random.one(List.of(100, 2_000, 20_000, 60_000))),
                random.one(List.of(0.1, 0.5, 0.9)),
                Duration.ofMillis(random.one(List.of(500, 5_000, 30_000, 120_000))),
                VisitorBehaviour.draw(random),
                deployments,
                InjectedFaults.draw(random),
                random.chance(0.3) ? random.between(1, 3) : 0,
                random.chance(0.8) ? Damage.NONE : random.one(List.of(Damage.values())),
                random.between(0, 3),
                false);
    }

    /** A site counter, which a deployment may switch on or off, pages that only watch, and all faults. */
    private static Scenario site(Randomness random) {
        Scenario faults = allFaults(random);
        boolean always = random.chance(0.7);
        List<Deployment> deployments = new ArrayList<>();
        for (Deployment deployment : faults.deployments()) {
            deployments.add(deployment.withSite(always || random.chance(0.5)));
        }
        return new Scenario(
                "site",
                random.one(List.of(List.of("home"), List.of("home", "h-2"), List.of("home", "h-2", Deployment.SITE))),
                faults.visitors(),
                faults.arrivals(),
                faults.faithful(),
                faults.stay(),
                faults.behaviour().watching(random.one(List.of(0.0, 0.2, 0.5))),
                deployments,
                faults.faults(),
                faults.outages(),
                faults.damage(),
                faults.reconciles(),
                false);
    }

    /** Posts hang, and concurrency is low: passes take longer than leases and invocations. */
    private static Scenario slow(Randomness random) {
        Deployment deployment = Deployment.draw(random).slow(random);
        return new Scenario(
                "slow",
                List.of("site"),
                random.between(6, 20),
                Duration.ofSeconds(random.between(1, 60)),
                0.9,
                Duration.ofSeconds(30),
                VisitorBehaviour.drawSimple(random),
                List.of(deployment),
                InjectedFaults.NONE.withHanging(0.2 + random.fraction() / 2).withCrashes(random.fraction() / 10),
                0,
                Damage.NONE,
                0,
                false);
    }

    /** Many connects and disconnects with a small message budget, without faults. */
    private static Scenario churn(Randomness random) {
        return new Scenario(
                "churn",
                List.of("site"),
                random.between(100, 300),
                Duration.ofSeconds(random.between(30, 150)),
                0.05,
                Duration.ofSeconds(random.one(List.of(1, 3, 10, 20))),
                VisitorBehaviour.drawSimple(random),
                List.of(new Deployment(
                        random.between(1, 3),
                        Duration.ofMillis(random.one(List.of(0, 250))),
                        2_000,
                        256,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        true,
                        random.chance(0.3),
                        true,
                        random.chance(0.5),
                        true,
                        1_000,
                        Duration.ofSeconds(random.one(List.of(15, 60))),
                        1_000,
                        1,
                        false)),
                InjectedFaults.NONE,
                0,
                Damage.NONE,
                0,
                false);
    }

    /** Pages reload again and again, and broadcasts have to wait: the numbers change back before they are sent. */
    private static Scenario waver(Randomness random) {
        Deployment standard = random.chance(0.3) ? Deployment.MANY_COUNTERS : Deployment.STANDARD;
        return new Scenario(
                "waver",
                List.of("site"),
                random.between(4, 20),
                Duration.ofSeconds(random.between(2, 30)),
                0.3,
                Duration.ofSeconds(random.one(List.of(1, 3, 10))),
                VisitorBehaviour.drawReloading(random),
                List.of(standard.waiting(
                        random.between(1, 5), Duration.ofMillis(random.one(List.of(500, 2_000, 5_000))))),
                InjectedFaults.NONE,
                0,
                Damage.NONE,
                0,
                false);
    }

    /** Many concurrent connects without disconnects. */
    private static Scenario crowd(Randomness random) {
        return new Scenario(
                "crowd",
                List.of("site"),
                random.between(20, 120),
                Duration.ofMillis(random.one(List.of(100, 1_000, 5_000))),
                1,
                Duration.ZERO,
                VisitorBehaviour.drawSimple(random),
                List.of(Deployment.STANDARD),
                InjectedFaults.NONE,
                0,
                Damage.NONE,
                0,
                false);
    }

    /** 200 pages stay open, others connect and disconnect, and API Gateway answers 410 for open connections. */
    private static Scenario falseGone(Randomness random) {
        return new Scenario(
                "false-gone",
                List.of("site"),
                220,
                Duration.ofSeconds(random.between(5, 30)),
                0.9,
                Duration.ofSeconds(5),
                VisitorBehaviour.SIMPLE,
                List.of(Deployment.STANDARD),
                InjectedFaults.FALSE_GONE,
                0,
                Damage.NONE,
                0,
                false);
    }

    private static Scenario badConnection(Randomness random) {
        return new Scenario(
                "bad-connection",
                List.of("site"),
                random.between(3, 15),
                Duration.ofSeconds(random.between(5, 60)),
                0.5,
                Duration.ofMinutes(1),
                VisitorBehaviour.SIMPLE,
                List.of(Deployment.STANDARD),
                InjectedFaults.NONE,
                0,
                Damage.NONE,
                0,
                true);
    }
}
