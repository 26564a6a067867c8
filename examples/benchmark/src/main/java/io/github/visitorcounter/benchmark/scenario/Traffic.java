package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.localstack.control.Stats;

import java.util.Map;

/**
 * What happened on the stack between two readings of its statistics.
 *
 * @param delivered messages that clients were sent
 * @param posts calls of {@code @connections}, whatever the answer
 * @param dynamoDbCalls calls to DynamoDB
 * @param broadcasts invocations of the broadcasting function
 * @param refused handshakes that were refused
 * @param dollars what AWS would charge, without connection minutes
 * @param connectionMinuteDollars what AWS would charge for connection minutes
 */
record Traffic(
        long delivered,
        long posts,
        long dynamoDbCalls,
        long broadcasts,
        long refused,
        double dollars,
        double connectionMinuteDollars) {

    private static final String BROADCAST = "broadcast";

    static Traffic between(Stats before, Stats after) {
        double minutes = after.estimatedCost().connectionMinutes()
                - before.estimatedCost().connectionMinutes();
        double all = after.estimatedCost().total() - before.estimatedCost().total();
        return new Traffic(
                after.posts().ok() - before.posts().ok(),
                posts(after) - posts(before),
                sum(after.dynamodb().calls()) - sum(before.dynamodb().calls()),
                broadcasts(after) - broadcasts(before),
                after.connections().refused() - before.connections().refused(),
                all - minutes,
                minutes);
    }

    /** Grows with everything that happens, so that quiet can be told from it. */
    static long activity(Stats stats) {
        long invocations = stats.invocations().values().stream()
                .mapToLong(Stats.Invocations::count)
                .sum();
        return posts(stats) + sum(stats.dynamodb().calls()) + invocations;
    }

    private static long posts(Stats stats) {
        return sum(stats.posts().byStatus());
    }

    private static long broadcasts(Stats stats) {
        Stats.Invocations invocations = stats.invocations().get(BROADCAST);
        return invocations == null ? 0 : invocations.count();
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
