package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.visitors.Visitor;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Stats;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One in twenty visitors has vanished without a {@code $disconnect}, so that posts to it are answered 410; of the other
 * posts, 5 % are answered 429 and 1 % hang. Then more visitors connect.
 */
public final class FaultyPosts implements Scenario {

    private static final int ONE_IN = 20;
    private static final int NEW_VISITORS_ONE_IN = 10;
    private static final Faults FAULTS = Faults.builder()
            .postLatencyMillis(10)
            .post429Ratio(0.05)
            .postHangRatio(0.01)
            .build();
    /** A 410 for a younger connection may mean that its handshake is not finished, so it is not removed yet. */
    private static final Duration OLDER_THAN_A_HANDSHAKE = Duration.ofSeconds(11);

    private record Outcome(
            int visitors, Design design, Convergence convergence, long lastChangeNanos, Stats.Posts posts) {}

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        for (int size : plan.sizesOr(100, 300)) {
            for (Design design : List.of(Design.LIBRARY, Design.ORIGINAL)) {
                Outcome outcome = measure(size, design, plan);
                plan.progress().accept(outcome.toString());
                rows.add(row(outcome, plan.limits().patience()));
            }
        }
        return List.of(new Table(
                "faults",
                "One in twenty has vanished, one post in twenty is throttled, one in a hundred hangs",
                "One in " + ONE_IN + " visitors vanishes and its `$disconnect` is lost. Eleven seconds later, when no"
                        + " handshake can be unfinished, one tenth more visitors connect, while 5 % of all posts are answered"
                        + " 429, 1 % hang, and each takes 10 ms. The correct number excludes the vanished visitors: the"
                        + " original never removes them, so all its pages end with a wrong number.",
                List.of(
                        "visitors",
                        "design",
                        "until the last page changed (s)",
                        "pages that end wrong",
                        "delivered",
                        "410",
                        "429",
                        "hung or failed"),
                rows,
                List.of()));
    }

    private static Outcome measure(int size, Design design, Plan plan) throws InterruptedException {
        Duration patience = plan.limits().patience();
        plan.progress().accept(design.title() + ", " + size + " visitors: filling the site");
        try (Deployment deployment = Deployment.start(design, Map.of(), plan.limits())) {
            List<Visitor> visitors = new ArrayList<>(Deployment.awaitAccepted(deployment.connect(size), patience));
            Convergence.await(deployment, visitors, patience);
            List<Visitor> vanishing = visitors.subList(0, size / ONE_IN);
            deployment.vanish(vanishing, patience);
            vanishing.clear();
            TimeUnit.NANOSECONDS.sleep(OLDER_THAN_A_HANDSHAKE.toNanos());

            deployment.stack().faults(FAULTS);
            Stats.Posts before = deployment.stats().posts();
            long begin = System.nanoTime();
            visitors.addAll(Deployment.awaitAccepted(deployment.connect(size / NEW_VISITORS_ONE_IN), patience));
            Convergence convergence =
                    Convergence.await(deployment, visitors, patience.minusNanos(System.nanoTime() - begin));
            Stats.Posts after = deployment.stats().posts();
            return new Outcome(
                    size,
                    design,
                    convergence,
                    convergence.lastChangeAt() - begin,
                    new Stats.Posts(
                            after.ok() - before.ok(),
                            after.gone() - before.gone(),
                            after.throttled() - before.throttled(),
                            after.failed() - before.failed(),
                            0,
                            Map.of()));
        }
    }

    private static List<Object> row(Outcome outcome, Duration patience) {
        return List.of(
                outcome.visitors,
                outcome.design.title(),
                Formats.secondsOrCut(outcome.convergence.finished(), outcome.lastChangeNanos, patience),
                outcome.convergence.wrong(),
                outcome.posts.ok(),
                outcome.posts.gone(),
                outcome.posts.throttled(),
                outcome.posts.failed());
    }
}
