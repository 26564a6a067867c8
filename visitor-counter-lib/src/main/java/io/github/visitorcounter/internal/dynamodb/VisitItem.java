package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitEnd;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;

/**
 * The row of a visit in the table of counters. The condition of each update is the state of the visit that the caller
 * assumed. If it fails, the cancellation contains the current row.
 */
final class VisitItem {

    static final String OPEN = "open";
    static final String ENDED_AT = "endedAt";
    static final String EXPIRES_AT = "expiresAt";

    private static final String NOT_EXPIRED = "#expiresAt > :now";
    private static final String NEW =
            "attribute_not_exists(#open) OR attribute_not_exists(#expiresAt) OR #expiresAt <= :now"
                    + " OR (#open <= :zero AND (attribute_not_exists(#endedAt) OR #endedAt <= :since))";
    private static final String RESUMED = NOT_EXPIRED + " AND #open <= :zero AND #endedAt > :since";
    private static final String CONCURRENT = NOT_EXPIRED + " AND #open > :zero";

    private VisitItem() {}

    /** Counter ids contain no #, so no counter has such a key. */
    static Map<String, AttributeValue> key(String counterId, String visit) {
        return CountItem.key("visit#" + counterId + "#" + visit);
    }

    /** Reads a row. Returns null if it does not exist or is not a visit. */
    static @Nullable Visit visit(Map<String, AttributeValue> item) {
        AttributeValue open = item.get(OPEN);
        AttributeValue endedAt = item.get(ENDED_AT);
        AttributeValue expiresAt = item.get(EXPIRES_AT);
        if (open == null || open.n() == null || expiresAt == null || expiresAt.n() == null) {
            return null;
        }
        return new Visit(
                Long.parseLong(open.n()),
                endedAt == null || endedAt.n() == null ? null : Instant.ofEpochMilli(Long.parseLong(endedAt.n())),
                Instant.ofEpochSecond(Long.parseLong(expiresAt.n())));
    }

    /** Adds a connection to its visit of a counter, on condition that the visit starts as assumed. */
    static Update start(String table, String counterId, Connection connection, VisitStart start, VisitRules rules) {
        Instant connectedAt = connection.connectedAt();
        Map<String, String> names = new HashMap<>(Map.of("#open", OPEN, "#expiresAt", EXPIRES_AT));
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":one", number(1),
                ":zero", number(0),
                ":now", number(connectedAt.getEpochSecond()),
                ":expiresAt", number(rules.expiresAt(connection).getEpochSecond())));
        if (start != VisitStart.CONCURRENT) {
            names.put("#endedAt", ENDED_AT);
            values.put(":since", number(rules.resumableAfter(connectedAt).toEpochMilli()));
        }
        return Update.builder()
                .tableName(table)
                .key(key(counterId, connection.countedWith()))
                .updateExpression(
                        start == VisitStart.NEW
                                ? "SET #open = :one, #expiresAt = :expiresAt"
                                : "SET #expiresAt = :expiresAt ADD #open :one")
                .conditionExpression(
                        switch (start) {
                            case NEW -> NEW;
                            case RESUMED -> RESUMED;
                            case CONCURRENT -> CONCURRENT;
                        })
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    /** Removes connections from their visit, on condition that the visit ends as assumed. */
    static Update end(String table, String counterId, String visit, int connections, VisitEnd end) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":connections", number(connections),
                ":endedAt", number(end.endedAt().toEpochMilli())));
        values.put(end.last() ? ":zero" : ":minus", number(end.last() ? 0 : -connections));
        return Update.builder()
                .tableName(table)
                .key(key(counterId, visit))
                .updateExpression(
                        end.last()
                                ? "SET #open = :zero, #endedAt = :endedAt"
                                : "SET #endedAt = :endedAt ADD #open :minus")
                .conditionExpression((end.last() ? "#open <= :connections" : "#open > :connections")
                        + " AND (attribute_not_exists(#endedAt) OR #endedAt <= :endedAt)")
                .expressionAttributeNames(Map.of("#open", OPEN, "#endedAt", ENDED_AT))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }
}
