package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.reconcile.ReconcileProgress;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.time.Instant;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * The row in the table of counters with the position at which a reconcile stopped. It has no {@code lastChange}, so
 * event source filters exclude it, and its key contains a #, unlike any counter id.
 */
final class ProgressItem {

    static final Map<String, AttributeValue> KEY = CountItem.key("reconcile#progress");

    private static final String CURSOR = "cursor";
    private static final String COUNTERS = "counters";
    private static final String SINCE = "since";

    private ProgressItem() {}

    /**
     * Reads the row. Returns null if it does not exist or is invalid; the run then starts with the first counter, which
     * is always correct.
     */
    static @Nullable ReconcileProgress progress(Map<String, AttributeValue> item) {
        AttributeValue cursor = item.get(CURSOR);
        AttributeValue counters = item.get(COUNTERS);
        AttributeValue since = item.get(SINCE);
        if (cursor == null || cursor.s() == null || counters == null || counters.n() == null || since == null) {
            return null;
        }
        return since.n() == null
                ? null
                : new ReconcileProgress(
                        cursor.s(), Long.parseLong(counters.n()), Instant.ofEpochMilli(Long.parseLong(since.n())));
    }

    static Map<String, AttributeValue> of(ReconcileProgress progress) {
        return Map.of(
                CountItem.COUNTER_ID,
                text(CountItem.key(KEY)),
                CURSOR,
                text(progress.cursor()),
                COUNTERS,
                number(progress.counters()),
                SINCE,
                number(progress.since().toEpochMilli()));
    }
}
