package io.github.visitorcounter.benchmark.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How figures are written where a number alone would not say it. */
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

    /** How many times as much the original needs; a case that was cut gives a lower bound. */
    static Object ratio(long original, boolean originalFinished, long library) {
        if (library <= 0) {
            return NONE;
        }
        double ratio = (double) original / library;
        return originalFinished ? (Object) ratio : "over " + Math.round(ratio);
    }
}
