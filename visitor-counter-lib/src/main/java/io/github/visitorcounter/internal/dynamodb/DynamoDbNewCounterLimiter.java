package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Counts new counters in the table of counters, one row for each minute. A connect to a counter that this instance has
 * seen costs nothing; a connect to another counter costs a read, and a write unit if the counter is new. After the
 * limit of a minute is reached, an instance does not write until the next minute.
 *
 * <p>Failed calls are not retried; callers should accept the connection. Thread-safe.
 */
public final class DynamoDbNewCounterLimiter implements NewCounterLimiter {

    /** Bounds the memory: an instance may serve any number of counters. It reads a dropped counter again. */
    private static final int MAX_SEEN = 10_000;

    /** Counter ids contain no #, so no counter has such a key. */
    private static final String KEY_PREFIX = "newCounters#";

    private static final String NEW_COUNTERS = "newCounters";

    private final DynamoDbClient client;
    private final String countersTable;

    /** Counters that exist. A counter is removed only after it has been unused for at least a day. */
    private final Set<String> seen = new LinkedHashSet<>();

    private long fullWindow = -1;

    /**
     * Creates a limiter.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param countersTable the name or ARN of the table of counters
     */
    public DynamoDbNewCounterLimiter(DynamoDbClient client, String countersTable) {
        this.client = client;
        this.countersTable = countersTable;
    }

    @Override
    public boolean mayUse(String counterId, int limit, Instant at) {
        try {
            return exists(counterId) || count(limit, at);
        } catch (SdkException failure) {
            throw new ServiceUnavailableException("Counting new counters in " + countersTable + " failed", failure);
        }
    }

    private boolean exists(String counterId) {
        if (isSeen(counterId)) {
            return true;
        }
        // Consistent, so that the second visitor of a new page finds the counter that the first one created.
        boolean exists = client.getItem(request -> request.tableName(countersTable)
                        .key(CountItem.key(counterId))
                        .projectionExpression("#version")
                        .expressionAttributeNames(Map.of("#version", CountItem.VERSION))
                        .consistentRead(true))
                .item()
                .containsKey(CountItem.VERSION);
        if (exists) {
            see(counterId);
        }
        return exists;
    }

    private synchronized boolean isSeen(String counterId) {
        return seen.contains(counterId);
    }

    private synchronized void see(String counterId) {
        seen.add(counterId);
        if (seen.size() > MAX_SEEN) {
            seen.remove(seen.iterator().next());
        }
    }

    private boolean count(int limit, Instant at) {
        long window = Math.floorDiv(at.getEpochSecond(), WINDOW.toSeconds());
        if (isFull(window)) {
            return false;
        }
        try {
            client.updateItem(request -> request.tableName(countersTable)
                    .key(Map.of(CountItem.COUNTER_ID, text(KEY_PREFIX + window)))
                    .updateExpression("SET #expiresAt = :expiresAt ADD #newCounters :one")
                    .conditionExpression("attribute_not_exists(#newCounters) OR #newCounters < :limit")
                    .expressionAttributeNames(Map.of("#newCounters", NEW_COUNTERS, "#expiresAt", CountItem.EXPIRES_AT))
                    .expressionAttributeValues(values(limit, window)));
            return true;
        } catch (ConditionalCheckFailedException limitReached) {
            setFull(window);
            return false;
        }
    }

    private static Map<String, AttributeValue> values(int limit, long window) {
        return Map.of(
                ":one", number(1),
                ":limit", number(limit),
                ":expiresAt", number((window + 1) * WINDOW.toSeconds()));
    }

    private synchronized boolean isFull(long window) {
        return fullWindow == window;
    }

    private synchronized void setFull(long window) {
        fullWindow = window;
    }
}
