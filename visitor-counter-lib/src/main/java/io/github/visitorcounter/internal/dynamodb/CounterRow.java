package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.Shards;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * The row of a counter that a transaction changes.
 *
 * @param counterId the counter
 * @param shards the rows of the counter, as far as this instance knows
 * @param index the number of the row; 0 is the home row
 */
record CounterRow(String counterId, Shards shards, int index) {

    /** The home row: the only row that a transaction may always write. */
    static CounterRow home(String counterId) {
        return new CounterRow(counterId, Shards.HOME_ONLY, 0);
    }

    private static final long MICROS_PER_MILLI = 1_000;

    private static final String CHANGE = "SET #lastChange = :change, #updatedAt = :at";

    String key() {
        return shards.key(counterId, index);
    }

    boolean isHome() {
        return index == 0;
    }

    /**
     * The first version of a new home row. It is higher than all versions of a deleted home row that pages may have
     * received.
     */
    static long firstVersion(Instant at) {
        return at.toEpochMilli() * MICROS_PER_MILLI;
    }

    /** The changes of the attributes of a row. Each update also adds one to the version. */
    static final class Difference {

        private final Change change;
        private final Instant at;
        private final List<String> sets = new ArrayList<>();
        private final List<String> adds = new ArrayList<>();
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, String> names =
                new HashMap<>(Map.of("#lastChange", CountItem.LAST_CHANGE, "#updatedAt", CountItem.UPDATED_AT));
        private final Map<String, AttributeValue> values = new HashMap<>();

        Difference(Change change, Instant at) {
            this.change = change;
            this.at = at;
        }

        Difference set(String attribute, AttributeValue value) {
            sets.add(name(attribute) + " = " + value(attribute, value));
            return this;
        }

        Difference add(String attribute, long difference) {
            adds.add(name(attribute) + " " + value(attribute, number(difference)));
            return this;
        }

        /**
         * Adds the condition that {@code live} of the row is below its part of the limit. A row without a part, which a
         * counter may have from a time without a limit, fails it, also if it was never written.
         */
        Difference upTo(long part) {
            conditions.add(part > 0 ? "(attribute_not_exists(#live) OR #live < :part)" : "#live < :part");
            values.put(":part", number(part));
            return this;
        }

        private String name(String attribute) {
            names.put("#" + attribute, attribute);
            return "#" + attribute;
        }

        private String value(String attribute, AttributeValue value) {
            values.put(":" + attribute, value);
            return ":" + attribute;
        }
    }

    /**
     * Builds the update of this row. If the row is a closed shard, the condition fails, and the cancellation contains
     * the row.
     */
    Update update(String table, Difference difference) {
        List<String> conditions = new ArrayList<>(difference.conditions);
        List<String> sets = new ArrayList<>(difference.sets);
        List<String> adds = new ArrayList<>(difference.adds);
        Map<String, String> names = new HashMap<>(difference.names);
        Map<String, AttributeValue> values = new HashMap<>(difference.values);
        values.put(":change", text(difference.change.name()));
        values.put(":at", number(difference.at.toEpochMilli()));
        values.put(":one", number(1));
        names.put("#version", CountItem.VERSION);
        if (isHome()) {
            sets.add("#version = if_not_exists(#version, :first) + :one");
            values.put(":first", number(firstVersion(difference.at)));
        } else {
            adds.add("#version :one");
            conditions.add("attribute_not_exists(#closedAt)");
            names.put("#closedAt", CountItem.CLOSED_AT);
        }
        String set = sets.isEmpty() ? CHANGE : CHANGE + ", " + String.join(", ", sets);
        return Update.builder()
                .tableName(table)
                .key(CountItem.key(key()))
                .updateExpression(adds.isEmpty() ? set : set + " ADD " + String.join(", ", adds))
                .conditionExpression(conditions.isEmpty() ? null : String.join(" AND ", conditions))
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }
}
