package io.github.visitorcounter.simulation;

import java.time.Duration;
import java.util.List;

/**
 * What a world is about.
 *
 * @param kind a name for it
 * @param counters the counters of the site
 * @param visitors how many come
 * @param arrivals in which time they come
 * @param faithful which share of them stays for good
 * @param stay how long the others stay on average
 * @param habits what they do
 * @param deployments the settings, one after another, the last for good
 * @param troubles what goes wrong until the last but one has arrived or left
 * @param outages how often DynamoDB is away for some seconds
 * @param damage what happens to the tables
 * @param reconciles how often the schedule invokes the reconciling function meanwhile
 * @param badConnection whether one connection is never answered, while everything else is fine
 */
record Scenario(
        String kind,
        List<String> counters,
        int visitors,
        Duration arrivals,
        double faithful,
        Duration stay,
        VisitorBehaviour habits,
        List<Deployment> deployments,
        InjectedFaults troubles,
        int outages,
        Damage damage,
        int reconciles,
        boolean badConnection) {

    /** What somebody does to the tables. */
    enum Damage {
        NONE,
        /** The number is overwritten. */
        EDITED,
        /** The counter's row is deleted. */
        LOST,
        /** Both tables are as they were some time ago; everyone has to connect again. */
        RESTORED
    }

    static Scenario draw(Randomness dice) {
        double kind = dice.fraction();
        if (kind < 0.62) {
            return trouble(dice);
        } else if (kind < 0.70) {
            return slow(dice);
        } else if (kind < 0.80) {
            return churn(dice);
        } else if (kind < 0.90) {
            return crowd(dice);
        } else if (kind < 0.92) {
            return falseGone(dice);
        }
        return badConnection(dice);
    }

    /** A few visitors, and everything goes wrong. */
    private static Scenario trouble(Randomness dice) {
        List<Deployment> deployments = dice.chance(0.75)
                ? List.of(Deployment.draw(dice))
                : List.of(Deployment.draw(dice), Deployment.draw(dice));
        return new Scenario(
                "trouble",
                dice.chance(0.5) ? List.of("site") : List.of("site", "home"),
                dice.between(1, 12),
                Duration.ofMillis(dice.one(List.of(100, 2_000, 20_000, 60_000))),
                dice.one(List.of(0.1, 0.5, 0.9)),
                Duration.ofMillis(dice.one(List.of(500, 5_000, 30_000, 120_000))),
                VisitorBehaviour.draw(dice),
                deployments,
                InjectedFaults.draw(dice),
                dice.chance(0.3) ? dice.between(1, 3) : 0,
                dice.chance(0.8) ? Damage.NONE : dice.one(List.of(Damage.values())),
                dice.between(0, 3),
                false);
    }

    /** Posts hang, and few may be under way: passes take longer than leases and invocations last. */
    private static Scenario slow(Randomness dice) {
        Deployment deployment = Deployment.draw(dice).slow(dice);
        return new Scenario(
                "slow",
                List.of("site"),
                dice.between(6, 20),
                Duration.ofSeconds(dice.between(1, 60)),
                0.9,
                Duration.ofSeconds(30),
                VisitorBehaviour.SIMPLE,
                List.of(deployment),
                InjectedFaults.NONE.withHanging(0.2 + dice.fraction() / 2).withCrashes(dice.fraction() / 10),
                0,
                Damage.NONE,
                0,
                false);
    }

    /** Many come and go, and the budget is small: nothing goes wrong, but a minute's messages are never too many. */
    private static Scenario churn(Randomness dice) {
        return new Scenario(
                "churn",
                List.of("site"),
                dice.between(100, 300),
                Duration.ofSeconds(dice.between(30, 150)),
                0.05,
                Duration.ofSeconds(dice.one(List.of(1, 3, 10, 20))),
                VisitorBehaviour.SIMPLE,
                List.of(new Deployment(
                        dice.between(1, 3),
                        Duration.ofMillis(dice.one(List.of(0, 250))),
                        2_000,
                        256,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        true,
                        dice.chance(0.3),
                        true,
                        dice.chance(0.5),
                        true,
                        1_000,
                        Duration.ofSeconds(dice.one(List.of(15, 60))),
                        1_000,
                        1)),
                InjectedFaults.NONE,
                0,
                Damage.NONE,
                0,
                false);
    }

    /** Many come at once and stay. */
    private static Scenario crowd(Randomness dice) {
        return new Scenario(
                "crowd",
                List.of("site"),
                dice.between(20, 120),
                Duration.ofMillis(dice.one(List.of(100, 1_000, 5_000))),
                1,
                Duration.ZERO,
                VisitorBehaviour.SIMPLE,
                List.of(Deployment.STANDARD),
                InjectedFaults.NONE,
                0,
                Damage.NONE,
                0,
                false);
    }

    /** Two hundred pages are open, others come and go, and API Gateway says of open connections that they are gone. */
    private static Scenario falseGone(Randomness dice) {
        return new Scenario(
                "false-gone",
                List.of("site"),
                220,
                Duration.ofSeconds(dice.between(5, 30)),
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

    private static Scenario badConnection(Randomness dice) {
        return new Scenario(
                "bad-connection",
                List.of("site"),
                dice.between(3, 15),
                Duration.ofSeconds(dice.between(5, 60)),
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
