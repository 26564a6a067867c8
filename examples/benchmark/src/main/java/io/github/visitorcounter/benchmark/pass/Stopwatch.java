package io.github.visitorcounter.benchmark.pass;

import com.sun.management.OperatingSystemMXBean;
import io.github.visitorcounter.benchmark.scenario.Limits;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Measures passes of a sender. Not thread-safe. */
final class Stopwatch {

    private static final int WARM_UP_PASSES = 2;
    private static final int HEAP_LATENCY_MILLIS = 10;
    private static final int HEAP_PASSES = 5;
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(100);
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double BYTES_PER_MEGABYTE = 1024 * 1024;

    private final EndpointProcess endpoint;
    private final Limits limits;
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    Stopwatch(EndpointProcess endpoint, Limits limits) {
        this.endpoint = endpoint;
        this.limits = limits;
    }

    /**
     * Returns the median of some passes of each sender, after two that do not count. The senders take turns, so that
     * disturbances affect all of them.
     */
    List<Measurement> measure(List<Sender> senders, int audience, int latencyMillis) throws InterruptedException {
        List<List<Measurement>> measurements = senders.stream()
                .<List<Measurement>>map(sender -> new ArrayList<>())
                .toList();
        for (int pass = 0; pass < WARM_UP_PASSES + limits.passes(); pass++) {
            for (int i = 0; i < senders.size(); i++) {
                Measurement measurement = measureOnce(senders.get(i), audience, latencyMillis);
                if (pass >= WARM_UP_PASSES) {
                    measurements.get(i).add(measurement);
                }
            }
        }
        return measurements.stream().map(Stopwatch::median).toList();
    }

    private static Measurement median(List<Measurement> measurements) {
        return measurements.stream()
                .sorted(Comparator.comparing(Measurement::postsPerSecond))
                .toList()
                .get(measurements.size() / 2);
    }

    Measurement measureOnce(Sender sender, int audience, int latencyMillis) throws InterruptedException {
        endpoint.begin(latencyMillis);
        long cpuBefore = system.getProcessCpuTime();
        sender.pass();
        EndpointProcess.Reading reading = endpoint.await(audience, latencyMillis, limits.patience());
        long cpuNanos = system.getProcessCpuTime() - cpuBefore;
        double seconds = reading.nanos() / (double) TimeUnit.SECONDS.toNanos(1);
        return new Measurement(reading.posts() / seconds, seconds, cpuNanos / NANOS_PER_MICRO / reading.posts());
    }

    /**
     * Returns the maximum live heap during some passes, above the live heap before them. It forces collections, so the
     * passes are slow.
     */
    double liveHeapMegabytes(Sender sender, int audience) throws InterruptedException {
        long idle = LiveHeap.bytes();
        AtomicLong most = new AtomicLong(idle);
        AtomicBoolean over = new AtomicBoolean();
        Thread collector = new Thread(
                () -> {
                    while (!over.get()) {
                        LockSupport.parkNanos(BETWEEN_COLLECTIONS.toNanos());
                        most.accumulateAndGet(LiveHeap.bytes(), Math::max);
                    }
                },
                "heap-of-a-pass");
        collector.start();
        try {
            for (int i = 0; i < HEAP_PASSES; i++) {
                measureOnce(sender, audience, HEAP_LATENCY_MILLIS);
            }
        } finally {
            over.set(true);
            collector.join();
        }
        return (most.get() - idle) / BYTES_PER_MEGABYTE;
    }
}
