package io.github.visitorcounter.embeddedstack.control;

import java.util.Map;

/**
 * The traffic of the stack since it started, and its estimated cost on AWS.
 *
 * @param connections WebSocket connections
 * @param messages messages from clients, and answers of routes
 * @param posts calls of {@code POST @connections}
 * @param invocations by the function's name
 * @param dynamodb calls to DynamoDB, those of its streams not included, as AWS charges none for event source mappings
 * @param estimatedCost in dollars
 * @since 0.1.0
 */
public record Stats(
        Connections connections,
        Messages messages,
        Posts posts,
        Map<String, Invocations> invocations,
        DynamoDb dynamodb,
        EstimatedCost estimatedCost) {

    /**
     * WebSocket connections.
     *
     * @param open now
     * @param accepted handshakes answered with 101
     * @param rejected handshakes answered otherwise
     * @param minutes total open time of all connections, in minutes
     */
    public record Connections(long open, long accepted, long rejected, double minutes) {}

    /**
     * Messages other than posts.
     *
     * @param count frames from clients, and the answers and errors that routes sent back
     * @param billed the same in steps of 32 KB
     */
    public record Messages(long count, long billed) {}

    /**
     * Posts to connections.
     *
     * @param ok answered 200: the messages delivered
     * @param gone answered 410
     * @param throttled answered 429
     * @param failed answered otherwise, or not at all
     * @param billed the delivered messages in steps of 32 KB
     * @param byStatus all of them by HTTP status, 0 for those never answered
     */
    public record Posts(long ok, long gone, long throttled, long failed, long billed, Map<Integer, Long> byStatus) {}

    /**
     * Invocations of one function.
     *
     * @param count all of them, without those that were throttled
     * @param errors those that threw, could not be initialised or timed out
     * @param billedMillis how long they ran, each rounded up to a millisecond
     * @param throttles attempts to invoke it that Lambda rejected, retries included
     */
    public record Invocations(long count, long errors, long billedMillis, long throttles) {}

    /**
     * Calls to DynamoDB.
     *
     * @param calls by operation
     * @param readUnits consumed
     * @param writeUnits consumed
     * @param conflicts rejected because of an ongoing transaction, by table: each item in conflict counts once
     */
    public record DynamoDb(Map<String, Long> calls, double readUnits, double writeUnits, Map<String, Long> conflicts) {}

    /**
     * What this traffic would cost on AWS, in dollars.
     *
     * @param messages WebSocket messages in both directions
     * @param connectionMinutes open WebSocket connections
     * @param lambdaRequests invocations
     * @param lambdaCompute memory times duration
     * @param dynamodbReads read units
     * @param dynamodbWrites write units
     * @param total all of them together
     */
    public record EstimatedCost(
            double messages,
            double connectionMinutes,
            double lambdaRequests,
            double lambdaCompute,
            double dynamodbReads,
            double dynamodbWrites,
            double total) {}
}
