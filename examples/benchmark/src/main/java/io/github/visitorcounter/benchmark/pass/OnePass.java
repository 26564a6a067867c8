package io.github.visitorcounter.benchmark.pass;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.benchmark.original.OriginalStack;
import io.github.visitorcounter.benchmark.report.Chart;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.scenario.LibrarySettings;
import io.github.visitorcounter.benchmark.scenario.Scenario;
import io.github.visitorcounter.demo.CounterStack;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Repeated passes with one message to all connections: posts per second, compared with the bare SDK client. The
 * connections are rows in the table; a plain HTTP endpoint in a separate process receives the posts of all three
 * senders.
 */
public final class OnePass implements Scenario {

    private static final int WARM_UP_AUDIENCE = 1_000;
    private static final int WARM_UP_PASSES = 3;
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final String ORIGINAL = "original";
    private static final String LIBRARY = "this library";
    private static final String BARE = "bare client";

    @Override
    public String name() {
        return "pass";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        try (EndpointProcess endpoint = EndpointProcess.start();
                Sender bare = new BareClient(endpoint.address());
                Sender library = library(endpoint.address());
                Sender original = new BroadcastFunction(
                        OriginalStack.describe(stack -> endpoint.address().toString())
                                .logSink(line -> {})
                                .start())) {
            Stopwatch stopwatch = new Stopwatch(endpoint, plan.limits());
            warmUp(List.of(bare, library, original), stopwatch, plan);
            Results results = new Results(plan);
            List<Integer> sizes =
                    plan.sizesOr(1_000, 5_000, 10_000).stream().sorted().toList();
            for (int size : sizes) {
                for (Sender sender : List.of(bare, library, original)) {
                    sender.audience(size);
                }
                for (int latency : plan.latenciesOr(0, 10, 50)) {
                    List<Measurement> both = stopwatch.measure(List.of(bare, library), size, latency);
                    results.add(BARE, size, latency, both.get(0));
                    results.add(LIBRARY, size, latency, both.get(1));
                    if (fits(size, latency, plan)) {
                        results.add(ORIGINAL, size, latency, stopwatch.measureOnce(original, size, latency));
                    } else {
                        results.skip(ORIGINAL, size, latency);
                    }
                }
                results.heap(size, stopwatch.liveHeapMegabytes(library, size));
            }
            return List.of(results.table());
        }
    }

    private static Sender library(URI endpoint) {
        Map<String, String> settings = new HashMap<>(LibrarySettings.unpaced());
        settings.put(Setting.CALLBACK_URL.variable(), endpoint.toString());
        return new BroadcastFunction(CounterStack.describe(DisconnectTrigger.BY_INVOCATION, settings)
                .logSink(line -> {})
                .start());
    }

    private static void warmUp(List<Sender> senders, Stopwatch stopwatch, Plan plan) throws InterruptedException {
        int audience = Math.min(WARM_UP_AUDIENCE, plan.sizesOr(WARM_UP_AUDIENCE).get(0));
        for (Sender sender : senders) {
            plan.progress().accept("warming up");
            sender.audience(audience);
            for (int i = 0; i < WARM_UP_PASSES * plan.limits().passes(); i++) {
                stopwatch.measureOnce(sender, audience, 0);
            }
        }
    }

    /** The original waits for each response. */
    private static boolean fits(int size, int latency, Plan plan) {
        return (long) size * latency <= plan.limits().patience().toMillis() * 9 / 10;
    }

    /** Collects the rows. */
    private static final class Results {

        private final Plan plan;
        private final List<List<Object>> rows = new ArrayList<>();
        private final Map<String, Double> limits = new HashMap<>();
        private final Map<Integer, Double> heap = new HashMap<>();
        private final List<Row> found = new ArrayList<>();
        private final Chart chart = new Chart("pass-posts", "One pass over everyone", "posts per second (log)");

        private record Row(String sender, int size, int latency, Measurement measurement) {}

        Results(Plan plan) {
            this.plan = plan;
        }

        void add(String sender, int size, int latency, Measurement measurement) {
            plan.progress().accept(sender + ", " + size + " connections, " + latency + " ms: " + measurement);
            if (sender.equals(BARE)) {
                limits.put(key(size, latency), limit(latency, measurement));
            }
            found.add(new Row(sender, size, latency, measurement));
            chart.bar(sender, size + " @ " + latency + " ms", measurement.postsPerSecond());
        }

        void skip(String sender, int size, int latency) {
            plan.progress().accept(sender + ", " + size + " connections, " + latency + " ms: would take too long");
            found.add(new Row(sender, size, latency, Measurement.NONE));
        }

        void heap(int size, double megabytes) {
            plan.progress().accept("live heap for " + size + " connections: " + megabytes + " MB above idle");
            heap.put(size, megabytes);
        }

        private static double limit(int latency, Measurement bare) {
            return latency == 0
                    ? bare.postsPerSecond()
                    : Math.min(BareClient.CONCURRENCY * MILLIS_PER_SECOND / latency, bare.postsPerSecond());
        }

        private static String key(int size, int latency) {
            return size + "@" + latency;
        }

        Table table() {
            found.forEach(this::add);
            return new Table(
                    "pass",
                    "One pass over everyone",
                    "The connections are rows in DynamoDB Local, the endpoint is a plain HTTP server in another process on"
                            + " the same two cores, which answers 200 after the latency; there are no sockets. The limit is"
                            + " the smaller of " + BareClient.CONCURRENCY + " ÷ latency and what the bare asynchronous"
                            + " client reaches on that endpoint; all are warm, and each figure is the median of "
                            + plan.limits().passes()
                            + " passes after two more, one of the client and one of the library in"
                            + " turn (the original: one pass). The library's"
                            + " message budget and fan-out are switched off. Posts per second are from the first post to the last"
                            + " answer as the endpoint sees them; CPU is that of the whole benchmark's process, DynamoDB"
                            + " Local's reads included. The heap is the maximum live heap during a pass at 10 ms, above"
                            + " the live heap before it.",
                    List.of(
                            "connections",
                            "post latency (ms)",
                            "sender",
                            "posts per second",
                            "limit (posts per second)",
                            "of the limit (%)",
                            "seconds per pass",
                            "CPU per post (µs)",
                            "live heap above idle (MB)"),
                    rows,
                    List.of(chart));
        }

        private void add(Row row) {
            Measurement measurement = row.measurement;
            double limit = limits.getOrDefault(key(row.size, row.latency), 0.0);
            if (measurement.equals(Measurement.NONE)) {
                rows.add(List.of(
                        row.size,
                        row.latency,
                        row.sender,
                        "not run: over " + plan.limits().patience().toSeconds() + " s",
                        limit,
                        "-",
                        "-",
                        "-",
                        "-"));
                return;
            }
            Double megabytes = heap.get(row.size);
            rows.add(List.of(
                    row.size,
                    row.latency,
                    row.sender,
                    measurement.postsPerSecond(),
                    limit,
                    100 * measurement.postsPerSecond() / limit,
                    measurement.seconds(),
                    measurement.cpuMicrosPerPost(),
                    row.sender.equals(LIBRARY) && row.latency == 10 && megabytes != null ? (Object) megabytes : "-"));
        }
    }
}
