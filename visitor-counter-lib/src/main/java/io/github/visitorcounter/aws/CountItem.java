package io.github.visitorcounter.aws;

import io.github.visitorcounter.count.VisitorCount;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.util.Map;

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

    private static long number(@Nullable AttributeValue value) {
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
