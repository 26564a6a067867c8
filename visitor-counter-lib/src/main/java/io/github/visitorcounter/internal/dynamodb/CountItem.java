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

    /** On the home row: the number of rows, and the name in the keys of the further ones ({@link #NAME}). */
    static final String SHARDS = "shards";

    static final String NAME = "name";

    /**
     * On the home row of a counter with shards: the version that the last reconcile read, and when ({@link #SEEN_AT}).
     */
    static final String SEEN_VERSION = "seenVersion";

    static final String SEEN_AT = "seenAt";

    /**
     * On a closed shard, which has no numbers and must not be written any more. The table's TTL removes it at
     * {@link #EXPIRES_AT}.
     */
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

    /** Reads the shards from a home row. Returns {@link Shards#HOME_ONLY} if the attributes are missing or invalid. */
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

    /** Returns null if the row has no change, or one of a later version of this library. */
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
