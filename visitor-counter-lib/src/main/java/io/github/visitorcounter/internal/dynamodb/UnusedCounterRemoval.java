package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.dynamodb.CountReader.Reading;
import io.github.visitorcounter.internal.lambda.WakeUpRows;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Removes an unused counter in one transaction: deletes its home row, its lease and its wake-up, and closes its other
 * rows, on condition that all are as they were read. A connect, a disconnect or a repair changes a version, and a
 * broadcast changes the lease, so the condition of the removal fails if one of them was first. Rows are deleted rather
 * than marked with a TTL: DynamoDB may remove an expired row days later, and every connect would have to clear the
 * mark. Thread-safe.
 */
final class UnusedCounterRemoval {

    /**
     * A transaction has at most 100 parts; three are the home row, the lease and the wake-up. A larger counter must be
     * folded first.
     */
    private static final int MAX_ROWS = 97;

    private final DynamoDbClient client;
    private final String countersTable;
    private final CountReader reader;
    private final Retry retry;

    UnusedCounterRemoval(DynamoDbClient client, String countersTable, CountReader reader, TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.reader = reader;
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    /** Removes the counter. Returns false if it changed since it was read, or has too many rows. */
    boolean remove(CounterState state, Instant unusedSince, Instant at, Deadline deadline) {
        Reading reading = reader.read(state.count().counterId(), deadline);
        if (reading.home().isEmpty()
                || !reading.count().equals(state.count())
                || reading.shards().count() > MAX_ROWS) {
            return false;
        }
        TransactWriteItemsRequest request = transaction(reading, unusedSince, at);
        return retry.call("Removing an unused counter of " + countersTable, deadline, () -> wasRemoved(request));
    }

    private boolean wasRemoved(TransactWriteItemsRequest request) {
        try {
            client.transactWriteItems(request);
            return true;
        } catch (TransactionCanceledException usedMeanwhile) {
            // Or the transaction conflicted with another one: the next run tries again.
            return false;
        }
    }

    private TransactWriteItemsRequest transaction(Reading reading, Instant unusedSince, Instant at) {
        String counterId = reading.counterId();
        Shards shards = reading.shards();
        List<TransactWriteItem> parts = new ArrayList<>();
        parts.add(part(home(reading)));
        parts.add(part(lease(counterId, unusedSince, at)));
        parts.add(part(wakeUp(counterId, unusedSince)));
        List<Long> versions = new ArrayList<>(List.of(CountItem.number(reading.home(), CountItem.VERSION)));
        for (int row = 0; row < reading.further().size(); row++) {
            Map<String, AttributeValue> item = reading.further().get(row);
            versions.add(CountItem.number(item, CountItem.VERSION));
            if (!CountItem.isClosed(item)) {
                parts.add(TransactWriteItem.builder()
                        .update(ShardFold.closedAsRead(countersTable, shards.key(counterId, row + 1), item, at))
                        .build());
            }
        }
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("remove", counterId, shards, versions, unusedSince, at))
                .transactItems(parts)
                .build();
    }

    private static TransactWriteItem part(Delete delete) {
        return TransactWriteItem.builder().delete(delete).build();
    }

    private Delete home(Reading reading) {
        Shards shards = reading.shards();
        Map<String, String> names = new HashMap<>(Map.of(
                "#version", CountItem.VERSION,
                "#live", CountItem.LIVE,
                "#name", CountItem.NAME));
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":version", number(CountItem.number(reading.home(), CountItem.VERSION)),
                ":live", number(CountItem.number(reading.home(), CountItem.LIVE))));
        String name = shards.name();
        String asRead = "attribute_not_exists(#name)";
        if (name != null) {
            names.put("#shards", CountItem.SHARDS);
            values.put(":name", text(name));
            values.put(":shards", number(shards.count()));
            asRead = "#name = :name AND #shards = :shards";
        }
        return Delete.builder()
                .tableName(countersTable)
                .key(CountItem.key(reading.counterId()))
                .conditionExpression("#version = :version AND #live = :live AND " + asRead)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build();
    }

    /** The lease must not be deleted before the budget charged on it is available again. */
    private Delete lease(String counterId, Instant unusedSince, Instant at) {
        return Delete.builder()
                .tableName(countersTable)
                .key(LeaseItem.key(counterId))
                .conditionExpression("(attribute_not_exists(#holder) OR #leasedUntil <= :unusedSince)"
                        + " AND (attribute_not_exists(#lastPassAt) OR #lastPassAt <= :unusedSince)"
                        + " AND (attribute_not_exists(#budgetUsedUntil) OR #budgetUsedUntil <= :now)")
                .expressionAttributeNames(Map.of(
                        "#holder", LeaseItem.HOLDER,
                        "#leasedUntil", LeaseItem.LEASED_UNTIL,
                        "#lastPassAt", LeaseItem.LAST_PASS_AT,
                        "#budgetUsedUntil", LeaseItem.BUDGET_USED_UNTIL))
                .expressionAttributeValues(Map.of(
                        ":unusedSince", number(unusedSince.toEpochMilli()), ":now", number(LeaseItem.micros(at))))
                .build();
    }

    /** Deletes a lost wake-up. The wake-up function deletes all others. */
    private Delete wakeUp(String counterId, Instant unusedSince) {
        return Delete.builder()
                .tableName(countersTable)
                .key(CountItem.key(WakeUpRows.pending(counterId)))
                .conditionExpression("attribute_not_exists(#requestedAt) OR #requestedAt <= :unusedSince")
                .expressionAttributeNames(Map.of("#requestedAt", WakeUpRows.REQUESTED_AT))
                .expressionAttributeValues(Map.of(":unusedSince", number(unusedSince.toEpochMilli())))
                .build();
    }
}
