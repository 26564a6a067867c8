package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/** A row of a counter in the table of counters: its home row, or a shard. */
final class CountItem {

    static final String COUNTER_ID = "counterId";
    static final String TOTAL = "total";
    static final String LIVE = "live";
    static final String VERSION = "version";
    static final String LAST_CHANGE = "lastChange";
    static final String LAST_CONNECTION_ID = "lastConnectionId";
    static final String UPDATED_AT = "updatedAt";
    static final String REPAIRS = "repairs";

    /** On the home row: how many rows there are, and what the others are called. */
    static final String SHARDS = "shards";

    static final String NAME = "name";

    /** On the home row of a counter with shards: its version when a reconcile looked at it last, and when that was. */
    static final String SEEN_VERSION = "seenVersion";

    static final String SEEN_AT = "seenAt";

    /** On a shard that is not to be written any more, which has no numbers then, and when the table's TTL removes it. */
    static final String CLOSED_AT = "closedAt";

    static final String EXPIRES_AT = "expiresAt";

    private static final int MAX_SHARDS = 1_000;

    private CountItem() {}

    static Map<String, AttributeValue> key(String key) {
        return Map.of(COUNTER_ID, text(key));
    }

    /** The key of a row. */
    static String key(Map<String, AttributeValue> item) {
        return Objects.requireNonNull(item.get(COUNTER_ID)).s();
    }

    /** What the home row says about the others; a row that says something else was written by somebody else. */
    static Shards shards(Map<String, AttributeValue> home) {
        long shards = number(home, SHARDS);
        AttributeValue name = home.get(NAME);
        return shards <= 1 || shards > MAX_SHARDS || name == null || name.s() == null
                ? Shards.HOME_ONLY
                : new Shards(Math.toIntExact(shards), name.s());
    }

    static boolean isClosed(Map<String, AttributeValue> item) {
        return item.containsKey(CLOSED_AT);
    }

    /** Null when the row was never changed, or by a later version of this library. */
    static @Nullable Change lastChange(Map<String, AttributeValue> item) {
        AttributeValue name = item.get(LAST_CHANGE);
        return Arrays.stream(Change.values())
                .filter(change -> name != null && change.name().equals(name.s()))
                .findFirst()
                .orElse(null);
    }

    static @Nullable Instant time(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null ? null : Instant.ofEpochMilli(Long.parseLong(value.n()));
    }

    static long number(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
