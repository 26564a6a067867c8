package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.benchmark.visitors.Shown;
import io.github.visitorcounter.benchmark.visitors.Visitor;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** The age of the numbers that pages show, sampled at intervals. Not thread-safe. */
final class Staleness {

    /** The sampling interval. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    /** Percentiles of the age, in the visitors' uncompressed time. */
    record Summary(double medianSeconds, double p99Seconds) {}

    private final Deployment deployment;
    private final Map<Visitor, Long> wrongSince = new HashMap<>();
    private final LongStream.Builder ages = LongStream.builder();

    Staleness(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Samples the pages of all accepted visitors. The age of a page without a number is that of its connection. */
    void sample(Collection<Visitor> visitors, long now) {
        for (Visitor visitor : visitors) {
            Visitor.View view = visitor.view();
            if (view.acceptedAt() != 0) {
                ages.add(age(visitor, view, now));
            }
        }
    }

    private long age(Visitor visitor, Visitor.View view, long now) {
        if (view.page().equals(Shown.NOTHING)) {
            return Math.max(0, now - view.acceptedAt());
        }
        if (deployment.showsExactNumbers()) {
            return deployment.changes().ageNanos(view.page().changes(), now);
        }
        if (deployment.isRight(view)) {
            wrongSince.remove(visitor);
            return 0;
        }
        return now - wrongSince.computeIfAbsent(visitor, any -> now - INTERVAL.toNanos());
    }

    Summary summary(int factor) {
        long[] sorted = ages.build().toArray();
        Arrays.sort(sorted);
        return new Summary(factor * percentile(sorted, 0.5), factor * percentile(sorted, 0.99));
    }

    private static double percentile(long[] sorted, double part) {
        return sorted.length == 0
                ? 0
                : Formats.seconds(sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))]);
    }
}
