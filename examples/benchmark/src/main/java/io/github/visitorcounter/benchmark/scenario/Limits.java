package io.github.visitorcounter.benchmark.scenario;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param patience after this a case is cut, and its table says so
 * @param quiet when all pages are right and nothing happened for this long, nothing more comes
 * @param coldStart how long nothing can be seen of a function while its instance starts
 * @param warmUp how long visitors come and go before churn is measured: longer than a full message budget lasts
 * @param churn how long churn is measured
 * @param passes measured passes of each case of one pass, after two for warming up
 */
public record Limits(
        Duration patience, Duration quiet, Duration coldStart, Duration warmUp, Duration churn, int passes) {

    /** The published figures. */
    public static final Limits FULL = new Limits(
            Duration.ofMinutes(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(40),
            Duration.ofSeconds(120),
            9);

    /** For trying things out. */
    public static final Limits QUICK = new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            1);
}
