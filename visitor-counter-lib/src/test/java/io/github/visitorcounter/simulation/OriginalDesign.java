package io.github.visitorcounter.simulation;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.time.Backoff;
import io.github.visitorcounter.internal.time.Deadline;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

import java.time.Duration;
import java.util.Map;

/**
 * Connects and disconnects of the original design, as in {@code examples/benchmark}: a plain write of the connection's
 * row, then a plain update of the only row of the counter, each with the retries of the SDK's DynamoDB client. Plain
 * writes hold no items, so they never conflict with each other; what limits them is the 1,000 write units per second of
 * one row. A connection whose second write fails keeps its row, but is not counted. Not thread-safe.
 */
final class OriginalDesign implements RateScenario.Instance {

    /** The defaults of the SDK's DynamoDB client after throttling, which is the only failure here. */
    private static final int MAX_RETRIES = 8;

    private static final Duration BASE_DELAY = Duration.ofMillis(500);
    private static final Duration MAX_DELAY = Duration.ofSeconds(20);

    /** The timeout of the functions in {@code examples/benchmark}. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Map<String, AttributeValue> SITE = Map.of("counterId", AttributeValue.fromS("site"));

    private final DynamoDbClient client;
    private final SimulatedWorld world;
    private final Backoff backoff;

    OriginalDesign(DynamoDbClient client, SimulatedWorld world) {
        this.client = client;
        this.world = world;
        this.backoff = Backoff.jittered(BASE_DELAY, MAX_DELAY, world);
    }

    @Override
    public void connect(Connection connection) {
        Deadline timeout = new Deadline(world.now().plus(TIMEOUT));
        send(
                timeout,
                () -> client.putItem(
                        request -> request.tableName(MemoryDynamoDb.CONNECTIONS).item(key(connection))));
        send(timeout, () -> count(1, 1));
    }

    @Override
    public void disconnect(Connection connection) {
        Deadline timeout = new Deadline(world.now().plus(TIMEOUT));
        send(
                timeout,
                () -> client.deleteItem(
                        request -> request.tableName(MemoryDynamoDb.CONNECTIONS).key(key(connection))));
        send(timeout, () -> count(0, -1));
    }

    private void count(int total, int live) {
        client.updateItem(request -> request.tableName(MemoryDynamoDb.COUNTS)
                .key(SITE)
                .updateExpression("ADD #total :total, #live :live")
                .expressionAttributeNames(Map.of("#total", "total", "#live", "live"))
                .expressionAttributeValues(Map.of(
                        ":total", AttributeValue.fromN(Integer.toString(total)),
                        ":live", AttributeValue.fromN(Integer.toString(live)))));
    }

    /** Retries as the SDK does, until the function's timeout ends it. */
    private void send(Deadline timeout, Runnable write) {
        for (int retry = 0; ; retry++) {
            try {
                write.run();
                return;
            } catch (ProvisionedThroughputExceededException throttled) {
                Duration delay = backoff.delay(retry);
                Duration remaining = timeout.remaining(world.now());
                if (retry == MAX_RETRIES) {
                    throw new ServiceUnavailableException("The SDK has no retries left", throttled);
                }
                if (delay.compareTo(remaining) >= 0) {
                    world.sleep(remaining);
                    throw new ServiceUnavailableException("The function's time is over", throttled);
                }
                world.sleep(delay);
            }
        }
    }

    private static Map<String, AttributeValue> key(Connection connection) {
        return Map.of("connectionId", AttributeValue.fromS(connection.connectionId()));
    }
}
