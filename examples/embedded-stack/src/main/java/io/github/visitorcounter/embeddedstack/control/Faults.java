package io.github.visitorcounter.embeddedstack.control;

import io.github.visitorcounter.embeddedstack.isolation.Isolation;

/**
 * The faults that the stack injects. Ratios are probabilities from 0 to 1, drawn independently for each call.
 *
 * @param postLatencyMillis added before each answer to a post to {@code @connections}
 * @param post410Ratio posts answered 410 although the connection is open
 * @param post429Ratio posts answered 429
 * @param post500Ratio posts answered 500
 * @param postHangRatio posts that are never answered
 * @param loseDisconnectRatio closed connections whose {@code $disconnect} is never invoked
 * @param duplicateDisconnectRatio closed connections whose {@code $disconnect} is invoked twice
 * @param delayDisconnectMillis wait before {@code $disconnect} is invoked
 * @param duplicateBatchRatio stream batches delivered a second time after they succeeded
 * @param reorderBatchRatio duplicated batches that are delivered again only after the batch that follows them
 * @param failBatchRatio stream batches reported as failed after the function ran, and so retried
 * @param dynamodbLatencyMillis added before each DynamoDB call
 * @param dynamodbThrottleRatio DynamoDB calls answered with a throttling error
 * @param dynamodbConflictRatio DynamoDB transactions cancelled with {@code TransactionConflict}
 * @param falseGoneRatio calls of {@code POST} and {@code GET @connections} answered 410 although the connection is open, each
 *     independently of the calls before it. {@code post410Ratio} is for posts only: a {@code GET} then tells the truth
 * @param lambdaThrottleRatio invocations that Lambda throttles as if the account's concurrency were used up
 * @since 0.1.0
 */
public record Faults(
        int postLatencyMillis,
        double post410Ratio,
        double post429Ratio,
        double post500Ratio,
        double postHangRatio,
        double loseDisconnectRatio,
        double duplicateDisconnectRatio,
        int delayDisconnectMillis,
        double duplicateBatchRatio,
        double reorderBatchRatio,
        double failBatchRatio,
        int dynamodbLatencyMillis,
        double dynamodbThrottleRatio,
        double dynamodbConflictRatio,
        double falseGoneRatio,
        double lambdaThrottleRatio) {

    /** No faults. */
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Reads faults as the control API does, for instance {@code {"post429Ratio": 0.05, "postLatencyMillis": 10}}.
     *
     * @param json the faults by name; those that are not named are off
     * @return the faults
     * @throws InvalidFaultsException if it is not a JSON object, or for every name that is unknown and value that is impossible
     */
    public static Faults parse(String json) {
        // By the stack's own JSON library, not by the project's.
        return Isolation.<String, Faults>function(FaultsJson.class.getName() + "$Reader")
                .apply(json);
    }
}
