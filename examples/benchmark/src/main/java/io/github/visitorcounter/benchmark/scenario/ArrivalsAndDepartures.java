package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.report.Chart;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.visitors.Visitor;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Stats;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All visitors connect at the same time; when all show the final number, half of them disconnect at the same time. If
 * the original does not finish in time, both are measured again at half the size.
 */
public final class ArrivalsAndDepartures implements Scenario {

    private static final int MIN_SIZE = 25;

    /** One measurement. */
    private record Outcome(
            boolean finished,
            Traffic traffic,
            long lastAcceptedNanos,
            long lastChangeNanos,
            long busyNanos,
            long wrong) {}

    /** Both measurements of a case. {@code departures} is null if the arrivals were cut. */
    private record Visit(Outcome arrivals, @Nullable Outcome departures) {

        boolean finished() {
            return departures != null && departures.finished;
        }
    }

    @Override
    public String name() {
        return "arrivals";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        Results arrivals = new Results(
                "arrivals",
                "Visitors arrive, all at once",
                "All handshakes begin at the same time. DynamoDB Local processes 140 to 200 transactions"
                        + " a second here, which is most of the time until the last `$connect` is answered; the"
                        + " time *after* it is added by the broadcast. Rejected visitors retry at once, up to five"
                        + " times: the library rejects a `$connect` that has waited for more than five seconds,"
                        + " half of the handshake's grace period.");
        Results departures = new Results(
                "departures",
                "Half of them leave, all at once",
                "When all pages show the final number, half of the visitors close theirs at the same"
                        + " time. Busy is the time until all activity ends: a page may show the final number long"
                        + " before it receives the last message with it.");
        for (int latency : plan.latenciesOr(0, 10)) {
            for (int size : plan.sizesOr(100, 300, 1_000)) {
                measure(size, latency, plan, arrivals, departures);
            }
        }
        return List.of(
                arrivals.table(plan.limits().patience()),
                departures.table(plan.limits().patience()));
    }

    private static void measure(int size, int latency, Plan plan, Results arrivals, Results departures)
            throws InterruptedException {
        Visit library = visit(Design.LIBRARY, size, latency, plan);
        Visit original = visit(Design.ORIGINAL, size, latency, plan);
        arrivals.add(size, latency, original.arrivals, library.arrivals);
        if (library.departures != null && original.departures != null) {
            departures.add(size / 2, latency, original.departures, library.departures);
        }
        if (!original.finished()
                && size / 2 >= MIN_SIZE
                && !plan.sizesOr(100, 300, 1_000).contains(size / 2)) {
            plan.progress().accept("the original did not finish; again at half the size");
            measure(size / 2, latency, plan, arrivals, departures);
        }
    }

    private static Visit visit(Design design, int size, int latency, Plan plan) throws InterruptedException {
        Duration patience = plan.limits().patience();
        String label = design.title() + ", " + size + " visitors, " + latency + " ms: ";
        plan.progress().accept(label + "starting");
        try (Deployment deployment = Deployment.start(design, Map.of(), plan.limits())) {
            deployment
                    .stack()
                    .faults(Faults.builder().postLatencyMillis(latency).build());
            Stats before = deployment.stats();
            long begin = System.nanoTime();
            List<Visitor> visitors = Deployment.awaitAccepted(deployment.connect(size), patience);
            Outcome arrivals = outcome(deployment, visitors, before, begin, patience);
            plan.progress().accept(label + "arrivals: " + arrivals);
            if (!arrivals.finished) {
                return new Visit(arrivals, null);
            }
            before = deployment.stats();
            begin = System.nanoTime();
            deployment.disconnect(visitors.subList(0, visitors.size() / 2));
            Outcome departures = outcome(
                    deployment, visitors.subList(visitors.size() / 2, visitors.size()), before, begin, patience);
            plan.progress().accept(label + "departures: " + departures);
            return new Visit(arrivals, departures);
        }
    }

    private static Outcome outcome(
            Deployment deployment, List<Visitor> visitors, Stats before, long begin, Duration patience)
            throws InterruptedException {
        Convergence convergence =
                Convergence.await(deployment, visitors, patience.minusNanos(System.nanoTime() - begin));
        long lastAccepted = visitors.stream()
                .mapToLong(visitor -> visitor.view().acceptedAt())
                .max()
                .orElse(begin);
        return new Outcome(
                convergence.finished(),
                Traffic.between(before, deployment.stats()),
                Math.max(0, lastAccepted - begin),
                convergence.lastChangeAt() - begin,
                convergence.quietSince() - begin,
                convergence.wrong());
    }

    /** Collects the rows of one table. */
    private static final class Results {

        private final String id;
        private final String title;
        private final String text;
        private final List<List<Object>> rows = new ArrayList<>();
        private final Chart posts;
        private final Chart seconds;
        private final List<Row> cases = new ArrayList<>();

        private record Row(int visitors, int latency, Design design, Outcome outcome, Object fewer, Object faster) {}

        Results(String id, String title, String text) {
            this.id = id;
            this.title = title;
            this.text = text;
            this.posts = new Chart(id + "-posts", title + ": posts", "posts (log)");
            this.seconds =
                    new Chart(id + "-seconds", title + ": time until all show the final number", "seconds (log)");
        }

        void add(int visitors, int latency, Outcome original, Outcome library) {
            cases.add(new Row(visitors, latency, Design.ORIGINAL, original, Formats.NONE, Formats.NONE));
            cases.add(new Row(
                    visitors,
                    latency,
                    Design.LIBRARY,
                    library,
                    Formats.ratio(original.traffic.posts(), original.finished, library.traffic.posts()),
                    Formats.ratio(original.lastChangeNanos, original.finished, library.lastChangeNanos)));
        }

        Table table(Duration patience) {
            cases.forEach(row -> add(row, patience));
            return new Table(
                    id,
                    title,
                    text,
                    List.of(
                            "visitors",
                            "post latency (ms)",
                            "design",
                            "posts",
                            "delivered",
                            "delivered per visitor",
                            "broadcasts invoked",
                            "last accepted (s)",
                            "all show the final number (s)",
                            "after the last accepted (s)",
                            "busy for (s)",
                            "pages that end wrong",
                            "rejected",
                            "DynamoDB calls",
                            "times fewer posts",
                            "times sooner"),
                    rows,
                    List.of(posts, seconds));
        }

        private void add(Row row, Duration patience) {
            Outcome outcome = row.outcome;
            rows.add(List.of(
                    row.visitors,
                    row.latency,
                    row.design.title(),
                    outcome.traffic.posts(),
                    outcome.traffic.delivered(),
                    (double) outcome.traffic.delivered() / row.visitors,
                    outcome.traffic.broadcasts(),
                    outcome.lastAcceptedNanos == 0 ? Formats.NONE : Formats.seconds(outcome.lastAcceptedNanos),
                    Formats.secondsOrCut(outcome.finished, outcome.lastChangeNanos, patience),
                    Formats.secondsOrCut(
                            outcome.finished,
                            Math.max(0, outcome.lastChangeNanos - outcome.lastAcceptedNanos),
                            patience),
                    Formats.seconds(outcome.busyNanos),
                    outcome.wrong,
                    outcome.traffic.rejected(),
                    outcome.traffic.dynamoDbCalls(),
                    row.fewer,
                    row.faster));
            String caseName = row.visitors + " @ " + row.latency + " ms";
            posts.bar(row.design.title(), caseName, (double) outcome.traffic.posts());
            if (outcome.finished) {
                seconds.bar(row.design.title(), caseName, Formats.seconds(outcome.lastChangeNanos));
            }
        }
    }
}
