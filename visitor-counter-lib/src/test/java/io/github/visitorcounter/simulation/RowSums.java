package io.github.visitorcounter.simulation;

import io.github.visitorcounter.internal.count.CounterKeys;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.HashMap;
import java.util.Map;

/** The rows of a counter and their sums; only shards that its home row names are included. */
final class RowSums {

    private final Map<String, Map<String, AttributeValue>> rows = new HashMap<>();
    private boolean hadShards;

    void changed(String key, @Nullable Map<String, AttributeValue> row) {
        if (row == null) {
            rows.remove(key);
        } else {
            rows.put(key, row);
        }
        hadShards |= shards() > 1;
    }

    /** Returns the number of rows in the home row. */
    long shards() {
        return rows.entrySet().stream()
                .filter(row -> CounterKeys.parseShard(row.getKey()) == null)
                .mapToLong(row -> Math.max(1, number(row.getValue(), "shards")))
                .sum();
    }

    /** Returns whether the counter ever had more than the home row. */
    boolean hadShards() {
        return hadShards;
    }

    long live() {
        return sum("live");
    }

    long total() {
        return sum("total");
    }

    long version() {
        return sum("version");
    }

    private long sum(String attribute) {
        String name = rows.entrySet().stream()
                .filter(row -> CounterKeys.parseShard(row.getKey()) == null)
                .map(row -> row.getValue().get("name"))
                .map(value -> value == null ? "" : value.s())
                .findFirst()
                .orElse("");
        return rows.entrySet().stream()
                .filter(row -> isCounted(row.getKey(), name))
                .mapToLong(row -> number(row.getValue(), attribute))
                .sum();
    }

    private static boolean isCounted(String key, String name) {
        ShardKey shard = CounterKeys.parseShard(key);
        return shard == null || shard.name().equals(name);
    }

    private static long number(Map<String, AttributeValue> row, String attribute) {
        AttributeValue value = row.get(attribute);
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
