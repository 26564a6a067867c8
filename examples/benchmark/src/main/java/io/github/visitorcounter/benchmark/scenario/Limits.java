package io.github.visitorcounter.benchmark.scenario;

import java.time.Duration;

/**
 * Time limits.
 *
 * @param patience the limit of a case, after which it is cut and marked in the table
 * @param quiet a case is finished if all pages are correct and nothing has happened for this long
 * @param coldStart the time for which a starting instance shows no activity
 * @param warmUp the time before churn is measured: longer than a full message budget lasts
 * @param churn the duration of the churn measurement
 * @param passes the number of measured passes of each case, after two for warming up
 */
public record Limits(
        Duration patience, Duration quiet, Duration coldStart, Duration warmUp, Duration churn, int passes) {

    /** For the published figures. */
    public static final Limits FULL = new Limits(
            Duration.ofMinutes(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(40),
            Duration.ofSeconds(120),
            9);

    /** For quick trials. */
    public static final Limits QUICK = new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            1);
}
