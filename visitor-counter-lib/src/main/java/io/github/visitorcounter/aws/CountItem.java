package io.github.visitorcounter.aws;

import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.reconcile.CounterState;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import static io.github.visitorcounter.aws.ConnectionItem.text;

/** A counter's row in the table of counters. */
final class CountItem {

    static final String COUNTER_ID = "counterId";
    static final String TOTAL = "total";
    static final String LIVE = "live";
    static final String VERSION = "version";
    static final String LAST_CHANGE = "lastChange";
    static final String LAST_CONNECTION_ID = "lastConnectionId";
    static final String UPDATED_AT = "updatedAt";
    static final String REPAIRS = "repairs";

    /** The names in an update that changes {@code live}. */
    static final Map<String, String> CHANGE_NAMES =
            Map.of("#live", LIVE, "#version", VERSION, "#lastChange", LAST_CHANGE, "#updatedAt", UPDATED_AT);

    private CountItem() {}

    static Map<String, AttributeValue> key(String counterId) {
        return Map.of(COUNTER_ID, text(counterId));
    }

    static VisitorCount count(String counterId, Map<String, AttributeValue> item) {
        if (item.isEmpty()) {
            return VisitorCount.none(counterId);
        }
        AttributeValue updatedAt = item.get(UPDATED_AT);
        return new VisitorCount(
                counterId,
                number(item.get(LIVE)),
                number(item.get(TOTAL)),
                number(item.get(VERSION)),
                updatedAt == null ? null : Instant.ofEpochMilli(number(updatedAt)));
    }

    /** The name of the counter in a row or a key of the table: each has one. */
    static String counterId(Map<String, AttributeValue> item) {
        return Objects.requireNonNull(item.get(COUNTER_ID)).s();
    }

    static CounterState state(Map<String, AttributeValue> item) {
        String counterId = counterId(item);
        return new CounterState(count(counterId, item), number(item.get(REPAIRS)), change(item.get(LAST_CHANGE)));
    }

    /** Null for a change that a later version of this library made. */
    private static @Nullable Change change(@Nullable AttributeValue name) {
        return Arrays.stream(Change.values())
                .filter(change -> name != null && change.name().equals(name.s()))
                .findFirst()
                .orElse(null);
    }

    private static long number(@Nullable AttributeValue value) {
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
