package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.benchmark.pass.EndpointProcess;
import io.github.visitorcounter.benchmark.report.Table;
import io.github.visitorcounter.benchmark.scenario.Scenario;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How much memory the wake-up function needs for its broadcasts. Linux only. */
public final class WakeUpMemory implements Scenario {

    private static final Path LOG = Path.of("target", "cold", "memory.log");
    private static final List<Integer> MEMORIES = List.of(128, 160, 192, 256, 512);
    private static final double MILLIS_PER_SECOND = 1_000;

    /** The memory with which a function has one whole processor. */
    private static final double MEGABYTES_OF_A_PROCESSOR = 1_769;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Table> run(Plan plan) throws InterruptedException {
        Packages.addLibrary();
        List<List<Object>> rows = new ArrayList<>();
        try (ColdStack stack = ColdStack.start();
                EndpointProcess endpoint = EndpointProcess.start()) {
            WakeUpStart start = new WakeUpStart(stack, endpoint, LOG);
            for (int size : plan.sizesOr(1_000, 5_000, 10_000).stream().sorted().toList()) {
                start.connections(size);
                for (int memory : MEMORIES) {
                    plan.progress().accept(memory + " MB, " + size + " connections");
                    rows.add(row(memory, size, start, plan));
                }
            }
        }
        return List.of(new Table(
                "memory",
                "The memory of the wake-up function",
                "A restored process with Lambda's runtime client and its settings for each memory size (heap of 85 %,"
                        + " serial collector, first compiler tier only) receives a wake-up and sends the count to all"
                        + " connections in one pass, without a message budget; each post is answered at once. The peak"
                        + " is the largest resident memory of the process, the snapshot's part included, in any of "
                        + runs(plan)
                        + " runs. The pass is the first one after the restore, which is the slowest. The processor time"
                        + " is the median; the seconds are that time divided by the share of a processor that Lambda"
                        + " gives a function of this size (1,769 MB have one): what the pass takes at least.",
                List.of(
                        "memory (MB)",
                        "connections",
                        "peak (MB)",
                        "fits",
                        "processor time (ms)",
                        "at that share of a processor (s)"),
                rows,
                List.of()));
    }

    private static List<Object> row(int memory, int size, WakeUpStart start, Plan plan) throws InterruptedException {
        List<WakeUpStart.Use> uses = new ArrayList<>();
        for (int run = 0; run < runs(plan); run++) {
            uses.add(start.run(memory));
        }
        double peak =
                uses.stream().mapToDouble(WakeUpStart.Use::peakMegabytes).max().orElseThrow();
        double median = ColdStartResults.median(uses, WakeUpStart.Use::cpuMillis);
        double share = memory / MEGABYTES_OF_A_PROCESSOR;
        return List.of(memory, size, peak, peak <= memory ? "yes" : "no", median, median / share / MILLIS_PER_SECOND);
    }

    /** A third of the passes of a warm function, because each run starts a process. */
    private static int runs(Plan plan) {
        return Math.max(1, plan.limits().passes() / 3);
    }
}
