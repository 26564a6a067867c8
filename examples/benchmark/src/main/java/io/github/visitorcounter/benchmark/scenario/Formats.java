package io.github.visitorcounter.benchmark.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Formats figures that are not plain numbers. */
final class Formats {

    static final String NONE = "-";

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private Formats() {}

    static double seconds(long nanos) {
        return nanos / NANOS_PER_SECOND;
    }

    static Object secondsOrCut(boolean finished, long nanos, Duration limit) {
        return finished ? (Object) seconds(nanos) : "not in " + limit.toSeconds() + " s";
    }

    /** Returns how many times as much the original needs; a lower bound if its case was cut. */
    static Object ratio(long original, boolean originalFinished, long library) {
        if (library <= 0) {
            return NONE;
        }
        double ratio = (double) original / library;
        return originalFinished ? (Object) ratio : "over " + Math.round(ratio);
    }
}
