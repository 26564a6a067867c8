package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.report.Chart;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.visitors.Visitor;
import io.github.visitorcounter.embeddedstack.control.Stats;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Visitors connect and disconnect at random at a constant number of visitors; each visit takes about five minutes. */
public final class Churn implements Scenario {

    private static final Duration VISIT = Duration.ofMinutes(5);
    private static final int CONCURRENT_CONNECTS = 50;
    private static final int PAST_VISITS = 1_000_000;
    private static final double MILLION = 1_000_000;
    private static final long SEED = 20_261_124;

    /** @param factor the factor by which time is compressed */
    private record Case(int visitors, int factor) {

        static Case of(int visitors) {
            return new Case(visitors, visitors <= 200 ? 10 : 1);
        }

        /** The mean seconds between two connects, and between two disconnects. */
        double meanGapSeconds() {
            return (double) VISIT.toSeconds() / factor / visitors;
        }
    }

    private record TimedAction(long atNanos, Runnable what) {}

    private record Outcome(
            Case conditions,
            Design design,
            int arrivals,
            Traffic traffic,
            Staleness.Summary staleness,
            Convergence convergence) {}

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int size : plan.sizesOr(100, 1_000)) {
            for (Design design : List.of(Design.LIBRARY, Design.LIBRARY_ROUNDED, Design.ORIGINAL)) {
                Outcome outcome = measure(Case.of(size), design, plan);
                plan.progress().accept(outcome.toString());
                outcomes.add(outcome);
            }
        }
        return List.of(table(outcomes, plan.limits()));
    }

    private static Outcome measure(Case conditions, Design design, Plan plan) throws InterruptedException {
        plan.progress()
                .accept(design.title() + ", " + conditions.visitors + " visitors: filling the site, then "
                        + plan.limits().churn().toSeconds() + " s");
        try (Deployment deployment =
                Deployment.start(design, LibrarySettings.compressed(conditions.factor), plan.limits())) {
            deployment.addPastVisits(PAST_VISITS);
            Deque<Visitor> present =
                    fill(deployment, conditions.visitors, plan.limits().patience());
            Random random = new Random(SEED);
            Staleness staleness = new Staleness(deployment);
            churn(deployment, present, conditions, random, plan.limits().warmUp(), new Staleness(deployment));
            Stats before = deployment.stats();
            int arrivals =
                    churn(deployment, present, conditions, random, plan.limits().churn(), staleness);
            Traffic traffic = Traffic.between(before, deployment.stats());
            List<Visitor> there =
                    Deployment.awaitAccepted(present, plan.limits().patience());
            Convergence convergence =
                    Convergence.await(deployment, there, plan.limits().patience());
            return new Outcome(
                    conditions, design, arrivals, traffic, staleness.summary(conditions.factor), convergence);
        }
    }

    private static Deque<Visitor> fill(Deployment deployment, int visitors, Duration patience)
            throws InterruptedException {
        Deque<Visitor> present = new ArrayDeque<>();
        while (present.size() < visitors) {
            List<Visitor> next = deployment.connect(Math.min(CONCURRENT_CONNECTS, visitors - present.size()));
            present.addAll(Deployment.awaitAccepted(next, patience));
        }
        return present;
    }

    /**
     * Connects and disconnects visitors, the longest connected first, and samples their pages. Returns the number of
     * connects.
     */
    private static int churn(
            Deployment deployment,
            Deque<Visitor> present,
            Case conditions,
            Random random,
            Duration lasting,
            Staleness staleness)
            throws InterruptedException {
        long changes = Math.round(Formats.seconds(lasting.toNanos()) / conditions.meanGapSeconds());
        List<TimedAction> actions = new ArrayList<>();
        // Exactly the expected number at random times: a Poisson process with a fixed number of events.
        random.longs(changes, 0, lasting.toNanos())
                .forEach(at -> actions.add(new TimedAction(at, () -> present.addAll(deployment.connect(1)))));
        random.longs(changes, 0, lasting.toNanos())
                .forEach(at -> actions.add(new TimedAction(at, () -> disconnectOne(deployment, present))));
        for (long at = 0; at < lasting.toNanos(); at += Staleness.INTERVAL.toNanos()) {
            actions.add(new TimedAction(at, () -> staleness.sample(present, System.nanoTime())));
        }
        actions.sort(Comparator.comparing(TimedAction::atNanos));
        long begin = System.nanoTime();
        for (TimedAction next : actions) {
            TimeUnit.NANOSECONDS.sleep(begin + next.atNanos - System.nanoTime());
            next.what.run();
        }
        return (int) changes;
    }

    /** Disconnects the longest connected visitor, unless its handshake is pending. */
    private static void disconnectOne(Deployment deployment, Deque<Visitor> present) {
        present.removeIf(visitor -> visitor.accepted().isCompletedExceptionally());
        Visitor longest = present.peek();
        if (longest != null && longest.accepted().isDone()) {
            present.remove();
            deployment.disconnect(List.of(longest));
        }
    }

    private static Table table(List<Outcome> outcomes, Limits limits) {
        Chart dollars =
                new Chart("churn-dollars", "Steady churn: estimated cost", "dollars per million visitors (log)");
        Chart staleness = new Chart("churn-age", "Steady churn: age of the shown number, p99", "seconds (log)");
        List<List<Object>> rows = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            Case conditions = outcome.conditions;
            Traffic traffic = outcome.traffic;
            double perMillion = MILLION / outcome.arrivals;
            double messages = traffic.cost().messages() * perMillion;
            double minutes = traffic.cost().connectionMinutes() * perMillion * conditions.factor;
            double functions = traffic.cost().lambda() * perMillion;
            double dynamoDb = traffic.cost().dynamoDb() * perMillion;
            double cost = messages + minutes + functions + dynamoDb;
            String name = outcome.design.title();
            rows.add(List.of(
                    conditions.visitors,
                    conditions.factor,
                    name,
                    outcome.arrivals,
                    traffic.posts(),
                    (double) traffic.posts() / outcome.arrivals,
                    outcome.staleness.medianSeconds(),
                    outcome.staleness.p99Seconds(),
                    cost,
                    messages,
                    minutes,
                    functions,
                    dynamoDb,
                    (double) traffic.delivered() / outcome.arrivals,
                    Formats.secondsOrCut(outcome.convergence.finished(), 0, limits.patience())
                                    .equals(0.0)
                            ? "yes"
                            : "no, cut after " + limits.patience().toSeconds() + " s",
                    outcome.convergence.wrong()));
            String caseName = conditions.visitors + " visitors";
            dollars.bar(name, caseName, cost);
            staleness.bar(name, caseName, outcome.staleness.p99Seconds());
        }
        return new Table(
                "churn",
                "Visitors come and go",
                "Connects and disconnects at random times, the same in all designs, each visit about five minutes, for "
                        + limits.churn().toSeconds()
                        + " s after "
                        + limits.warmUp().toSeconds()
                        + " s in which a full message budget is used up. Time is compressed by the"
                        + " factor in the table: visits are that much shorter, the library's message budget that much"
                        + " larger and its minimum interval that much shorter, connection minutes are multiplied by it, and"
                        + " so is the age of the shown number, which is the time since it became outdated (0 if it is right);"
                        + " for rounded numbers, since it has been more than one step away. The total began at 1,000,000."
                        + " A rounded count is repeated when it is ten minutes old, which is longer than the measurement:"
                        + " on average half a message for each visitor more, $0.50 a million."
                        + " Not compressed are the machine, the stream's polls and the posts"
                        + " (latency 0). The cost is what AWS would charge for what was *delivered* here: a design that"
                        + " does not keep up delivers less than it would on AWS, and is cheaper here and later.",
                List.of(
                        "visitors at a time",
                        "time compressed by",
                        "design",
                        "visitors who came",
                        "posts",
                        "posts per visitor who came",
                        "age of the shown number: median (s)",
                        "p99 (s)",
                        "dollars per million visitors",
                        "messages ($)",
                        "connection minutes ($)",
                        "functions ($)",
                        "DynamoDB ($)",
                        "delivered per visitor",
                        "came to rest afterwards",
                        "pages that end wrong"),
                rows,
                List.of(dollars, staleness));
    }
}
