package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.dynamodb.CountReader.Reading;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Closes further rows of counters: rows of quiet counters, after adding their numbers to the home row, and rows that no
 * home row names. A closed row is never opened again. Thread-safe.
 */
final class ShardFold {

    /** A transaction has at most 100 parts, of which one is the home row. */
    private static final int MAX_ROWS = 98;

    /** A counter that changes between the read and the transaction so often is not quiet. */
    private static final int MAX_ATTEMPTS = 5;

    /** Keeps a closed row until no instance can still write to it. */
    private static final Duration RETENTION = Duration.ofDays(1);

    private final DynamoDbClient client;
    private final String countersTable;
    private final CountReader reader;
    private final Retry plainWrites;

    ShardFold(DynamoDbClient client, String countersTable, CountReader reader, TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.reader = reader;
        this.plainWrites = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    /** Writes the version of a counter to its home row. */
    void see(CounterState state, Instant at, Deadline deadline) {
        write(
                UpdateItemRequest.builder()
                        .tableName(countersTable)
                        .key(CountItem.key(state.count().counterId()))
                        .updateExpression("SET #seenVersion = :version, #seenAt = :at, #lastChange = :change")
                        .conditionExpression("#name = :name")
                        .expressionAttributeNames(Map.of(
                                "#seenVersion", CountItem.SEEN_VERSION,
                                "#seenAt", CountItem.SEEN_AT,
                                "#lastChange", CountItem.LAST_CHANGE,
                                "#name", CountItem.NAME))
                        .expressionAttributeValues(Map.of(
                                ":version", number(state.count().version()),
                                ":at", number(at.toEpochMilli()),
                                ":change", text(Change.SHARDS.name()),
                                ":name", text(String.valueOf(state.shards().name()))))
                        .build(),
                deadline);
    }

    private void write(UpdateItemRequest request, Deadline deadline) {
        try {
            plainWrites.call("Writing a row of " + countersTable, deadline, () -> client.updateItem(request));
        } catch (ConditionalCheckFailedException changedMeanwhile) {
            // The row has changed meanwhile: there is nothing to do.
        }
    }

    /** Folds a counter, with at most {@link #MAX_ROWS} rows in each transaction. */
    void fold(String counterId, Instant at, Deadline deadline) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; ) {
            Reading reading = reader.read(counterId, deadline);
            if (reading.shards().count() == 1) {
                return;
            }
            try {
                client.transactWriteItems(transaction(reading, at));
            } catch (TransactionCanceledException changedMeanwhile) {
                attempt++;
            } catch (RuntimeException failure) {
                if (!AwsFailures.isTransient(failure)) {
                    throw failure;
                }
                // The next read shows whether the transaction was carried out.
                attempt++;
            }
        }
    }

    private TransactWriteItemsRequest transaction(Reading reading, Instant at) {
        Shards shards = reading.shards();
        int remaining = Math.max(1, shards.count() - MAX_ROWS);
        List<Map<String, AttributeValue>> closing = reading.further().subList(remaining - 1, shards.count() - 1);
        List<TransactWriteItem> parts = new ArrayList<>();
        parts.add(part(home(reading, remaining, closing)));
        for (int i = 0; i < closing.size(); i++) {
            Map<String, AttributeValue> row = closing.get(i);
            if (!CountItem.isClosed(row)) {
                parts.add(part(closedAsRead(countersTable, shards.key(reading.counterId(), remaining + i), row, at)));
            }
        }
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("fold", reading.counterId(), shards, versions(closing), at))
                .transactItems(parts)
                .build();
    }

    private static TransactWriteItem part(Update update) {
        return TransactWriteItem.builder().update(update).build();
    }

    private static List<Long> versions(List<Map<String, AttributeValue>> rows) {
        return rows.stream()
                .map(row -> CountItem.number(row, CountItem.VERSION))
                .toList();
    }

    private Update home(Reading reading, int remaining, List<Map<String, AttributeValue>> closing) {
        Map<String, String> names = new HashMap<>(Map.of(
                "#lastChange", CountItem.LAST_CHANGE,
                "#shards", CountItem.SHARDS,
                "#name", CountItem.NAME,
                "#live", CountItem.LIVE,
                "#total", CountItem.TOTAL,
                "#version", CountItem.VERSION));
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":change", text(Change.SHARDS.name()),
                ":seen", number(reading.shards().count()),
                ":name", text(String.valueOf(reading.shards().name())),
                ":live", number(sum(closing, CountItem.LIVE)),
                ":total", number(sum(closing, CountItem.TOTAL)),
                ":version", number(sum(closing, CountItem.VERSION))));
        String update = "SET #lastChange = :change";
        if (remaining > 1) {
            update += ", #shards = :remaining";
            values.put(":remaining", number(remaining));
        }
        update += " ADD #live :live, #total :total, #version :version";
        if (remaining == 1) {
            update += " REMOVE #shards, #name, #seenVersion, #seenAt";
            names.put("#seenVersion", CountItem.SEEN_VERSION);
            names.put("#seenAt", CountItem.SEEN_AT);
        }
        return Update.builder()
                .tableName(countersTable)
                .key(CountItem.key(reading.counterId()))
                .updateExpression(update)
                .conditionExpression("#shards = :seen AND #name = :name")
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build();
    }

    private static long sum(List<Map<String, AttributeValue>> rows, String attribute) {
        return rows.stream().mapToLong(row -> CountItem.number(row, attribute)).sum();
    }

    private static final String CLOSE =
            "SET #closedAt = :at, #expiresAt = :expiresAt, #lastChange = :change REMOVE #live, #total, #version";

    private static final Map<String, String> CLOSE_NAMES = Map.of(
            "#closedAt", CountItem.CLOSED_AT,
            "#expiresAt", CountItem.EXPIRES_AT,
            "#lastChange", CountItem.LAST_CHANGE,
            "#live", CountItem.LIVE,
            "#total", CountItem.TOTAL,
            "#version", CountItem.VERSION);

    private static Map<String, AttributeValue> closeValues(Instant at) {
        return new HashMap<>(Map.of(
                ":at", number(at.toEpochMilli()),
                ":expiresAt", number(at.plus(RETENTION).getEpochSecond()),
                ":change", text(Change.SHARDS.name())));
    }

    /** Closes a row if its version is the one that was read. */
    static Update closedAsRead(String countersTable, String key, Map<String, AttributeValue> row, Instant at) {
        Map<String, AttributeValue> values = closeValues(at);
        String asRead = "attribute_not_exists(#version)";
        if (row.containsKey(CountItem.VERSION)) {
            asRead = "#version = :version";
            values.put(":version", number(CountItem.number(row, CountItem.VERSION)));
        }
        return Update.builder()
                .tableName(countersTable)
                .key(CountItem.key(key))
                .updateExpression(CLOSE)
                .conditionExpression("attribute_not_exists(#closedAt) AND " + asRead)
                .expressionAttributeNames(CLOSE_NAMES)
                .expressionAttributeValues(values)
                .build();
    }

    /** Closes the given rows that no home row names: no reader uses their numbers. */
    void closeStray(Collection<ShardKey> rows, Instant at, Deadline deadline) {
        rows.stream().collect(Collectors.groupingBy(ShardKey::counterId)).forEach((counterId, ofCounter) -> {
            // The home row gets a name before any row with the name is written. If it does not have the name now, the
            // name is no longer in use.
            String name = CountItem.shards(reader.home(counterId, deadline)).name();
            ofCounter.stream().filter(row -> !row.name().equals(name)).forEach(row -> write(close(row, at), deadline));
        });
    }

    private UpdateItemRequest close(ShardKey row, Instant at) {
        return UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(CountItem.key(row.text()))
                .updateExpression(CLOSE)
                .conditionExpression("attribute_not_exists(#closedAt)")
                .expressionAttributeNames(CLOSE_NAMES)
                .expressionAttributeValues(closeValues(at))
                .build();
    }
}
