package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.util.HashMap;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/** Adds shards to a counter: updates the home row before the first of them is written. Thread-safe. */
final class ShardGrowth {

    private static final long NAME_COUNT = 1L << 52;

    private final DynamoDbClient client;
    private final String countersTable;
    private final TimeSource timeSource;

    ShardGrowth(DynamoDbClient client, String countersTable, TimeSource timeSource) {
        this.client = client;
        this.countersTable = countersTable;
        this.timeSource = timeSource;
    }

    /**
     * Tries once to change the number of rows, without retries.
     *
     * @param counterId the counter
     * @param seen the rows it has, as far as this instance knows
     * @param count the number of rows that it should have
     * @return the rows it has now; null if it had other rows, or after a transient failure: the caller must read the
     *     home row
     */
    @Nullable
    Shards grow(String counterId, Shards seen, int count) {
        String name = seen.name() == null ? randomName() : seen.name();
        try {
            client.updateItem(update(counterId, seen, new Shards(count, name)));
            return new Shards(count, name);
        } catch (ConditionalCheckFailedException grownByAnother) {
            return null;
        } catch (RuntimeException failure) {
            if (AwsFailures.isTransient(failure)) {
                return null;
            }
            throw failure;
        }
    }

    /** Returns a random name. The randomness is the operating system's, so names do not repeat. */
    private String randomName() {
        return Long.toString((long) (timeSource.jitter() * NAME_COUNT), Character.MAX_RADIX);
    }

    private UpdateItemRequest update(String counterId, Shards seen, Shards grown) {
        long now = timeSource.now().toEpochMilli();
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":change", text(Change.SHARDS.name()),
                ":count", number(grown.count()),
                ":name", text(String.valueOf(grown.name())),
                ":now", number(now)));
        String asSeen = "attribute_not_exists(#shards) AND attribute_not_exists(#name)";
        if (seen.name() != null) {
            asSeen = "#shards = :seen AND #name = :name";
            values.put(":seen", number(seen.count()));
        }
        return UpdateItemRequest.builder()
                .tableName(countersTable)
                .key(CountItem.key(counterId))
                .updateExpression("SET #shards = :count, #name = :name, #lastChange = :change,"
                        + " #seenVersion = #version, #seenAt = :now")
                .conditionExpression("attribute_exists(#version) AND " + asSeen)
                .expressionAttributeNames(Map.of(
                        "#shards", CountItem.SHARDS,
                        "#name", CountItem.NAME,
                        "#lastChange", CountItem.LAST_CHANGE,
                        "#version", CountItem.VERSION,
                        "#seenVersion", CountItem.SEEN_VERSION,
                        "#seenAt", CountItem.SEEN_AT))
                .expressionAttributeValues(values)
                .build();
    }
}
