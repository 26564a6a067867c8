package io.github.visitorcounter.benchmark.scenario;

import io.github.visitorcounter.embeddedstack.control.Stats;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The traffic between two readings of the statistics.
 *
 * @param delivered messages sent to clients
 * @param posts calls of {@code @connections}, with any status
 * @param dynamoDbCalls calls to DynamoDB
 * @param broadcasts invocations of the functions that broadcast
 * @param rejected handshakes that were rejected
 * @param cost the estimated cost on AWS
 */
record Traffic(long delivered, long posts, long dynamoDbCalls, long broadcasts, long rejected, Cost cost) {

    /** In dollars. */
    record Cost(double messages, double connectionMinutes, double lambda, double dynamoDb) {

        static Cost between(Stats.EstimatedCost before, Stats.EstimatedCost after) {
            return new Cost(
                    after.messages() - before.messages(),
                    after.connectionMinutes() - before.connectionMinutes(),
                    after.lambdaRequests() - before.lambdaRequests() + after.lambdaCompute() - before.lambdaCompute(),
                    after.dynamodbReads() - before.dynamodbReads() + after.dynamodbWrites() - before.dynamodbWrites());
        }
    }

    /** The functions that broadcast; the original has only the first. */
    private static final List<String> BROADCASTING = List.of("broadcast", "wake-up");

    static Traffic between(Stats before, Stats after) {
        return new Traffic(
                after.posts().ok() - before.posts().ok(),
                posts(after) - posts(before),
                sum(after.dynamodb().calls()) - sum(before.dynamodb().calls()),
                broadcasts(after) - broadcasts(before),
                after.connections().rejected() - before.connections().rejected(),
                Cost.between(before.estimatedCost(), after.estimatedCost()));
    }

    /** Returns a number that grows with all activity; if it is constant, the stack is idle. */
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
        return BROADCASTING.stream()
                .map(stats.invocations()::get)
                .filter(Objects::nonNull)
                .mapToLong(Stats.Invocations::count)
                .sum();
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
