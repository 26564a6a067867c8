package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.lambda.WakeUpRows;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;

/** Keeps wake-ups in the table of counters. Thread-safe. */
public final class DynamoDbWakeUps implements WakeUps {

    /** Follow-ups are read from stream records, never from their rows. The table's TTL removes the rows. */
    private static final Duration FOLLOW_UP_RETENTION = Duration.ofDays(1);

    private final DynamoDbClient client;
    private final String countersTable;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param countersTable the name or ARN of the table of counters
     */
    public DynamoDbWakeUps(DynamoDbClient client, String countersTable) {
        this(client, countersTable, TimeSource.system());
    }

    DynamoDbWakeUps(DynamoDbClient client, String countersTable, TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    @Override
    public Request request(String counterId, Instant now, Deadline deadline) {
        return retry.call("Requesting a wake-up in " + countersTable, deadline, () -> put(counterId, now));
    }

    private Request put(String counterId, Instant now) {
        try {
            boolean wasPending = client.updateItem(request -> request.tableName(countersTable)
                            .key(CountItem.key(WakeUpRows.pending(counterId)))
                            .updateExpression("SET #requestedAt = :now")
                            .conditionExpression("attribute_not_exists(#requestedAt) OR #requestedAt <= :overdue")
                            .expressionAttributeNames(Map.of("#requestedAt", WakeUpRows.REQUESTED_AT))
                            .expressionAttributeValues(Map.of(
                                    ":now", number(now.toEpochMilli()),
                                    ":overdue", number(now.minus(OVERDUE_AFTER).toEpochMilli())))
                            .returnValues(ReturnValue.UPDATED_OLD))
                    .hasAttributes();
            return wasPending ? Request.OVERDUE : Request.REQUESTED;
        } catch (ConditionalCheckFailedException pending) {
            return Request.PENDING;
        }
    }

    @Override
    public boolean isPending(String counterId, Instant now, Deadline deadline) {
        AttributeValue requestedAt = retry.call("Reading a wake-up of " + countersTable, deadline, () -> client.getItem(
                        request -> request.tableName(countersTable)
                                .key(CountItem.key(WakeUpRows.pending(counterId)))
                                .consistentRead(true))
                .item()
                .get(WakeUpRows.REQUESTED_AT));
        return requestedAt != null
                && Instant.ofEpochMilli(Long.parseLong(requestedAt.n())).isAfter(now.minus(OVERDUE_AFTER));
    }

    @Override
    public void clear(String counterId, Deadline deadline) {
        retry.call(
                "Clearing a wake-up of " + countersTable,
                deadline,
                () -> client.deleteItem(
                        request -> request.tableName(countersTable).key(CountItem.key(WakeUpRows.pending(counterId)))));
    }

    @Override
    public void addFollowUp(String id, FollowUp followUp, Deadline deadline) {
        Map<String, AttributeValue> item = new HashMap<>(CountItem.key(WakeUpRows.followUp(followUp.counterId(), id)));
        item.put(WakeUpRows.VERSION, number(followUp.version()));
        item.put(WakeUpRows.UNTIL, number(followUp.until().toEpochMilli()));
        item.put(WakeUpRows.ATTEMPT, number(followUp.attempt()));
        item.put(
                VisitItem.EXPIRES_AT,
                number(followUp.until().plus(FOLLOW_UP_RETENTION).getEpochSecond()));
        putConnections(WakeUpRows.UNSENT, followUp.unsent(), item);
        putConnections(WakeUpRows.SUSPECTS, followUp.suspects(), item);
        Instant rescanOf = followUp.rescanOf();
        if (rescanOf != null) {
            item.put(WakeUpRows.RESCAN_OF, number(rescanOf.toEpochMilli()));
        }
        retry.call(
                "Writing a follow-up to " + countersTable,
                deadline,
                () -> client.putItem(request -> request.tableName(countersTable).item(item)));
    }

    private static void putConnections(
            String attribute, List<Connection> connections, Map<String, AttributeValue> item) {
        if (!connections.isEmpty()) {
            Map<String, AttributeValue> map = new HashMap<>();
            connections.forEach(connection -> map.put(
                    connection.connectionId(), number(connection.connectedAt().toEpochMilli())));
            item.put(attribute, AttributeValue.fromM(map));
        }
    }
}
