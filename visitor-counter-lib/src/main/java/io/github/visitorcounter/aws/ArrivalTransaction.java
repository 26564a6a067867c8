package io.github.visitorcounter.aws;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.Entry;
import io.github.visitorcounter.count.VisitRules;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.aws.ConnectionItem.number;
import static io.github.visitorcounter.aws.ConnectionItem.text;

/**
 * Describes the transaction of an arrival: the connection's row, its visit where it has one, the counter.
 *
 * @param connectionsTable the table of connections
 * @param countTable the table of counters
 * @param rules what counts
 * @param liveLimit how many may be live; 0 when any number may
 */
record ArrivalTransaction(String connectionsTable, String countTable, VisitRules rules, int liveLimit) {

    /** Where the connection's row stands. */
    static final int ROW = 0;

    /** Where its visit stands, if it has one. */
    static final int VISIT = 1;

    /** Where the counter stands. */
    static int counterPart(Connection connection) {
        return connection.visit() == null ? VISIT : VISIT + 1;
    }

    TransactWriteItemsRequest request(Connection connection, Entry entry) {
        List<TransactWriteItem> parts = new ArrayList<>();
        parts.add(TransactWriteItem.builder().put(row(connection)).build());
        String visit = connection.visit();
        if (visit != null) {
            Update update = VisitItem.entry(countTable, connection, visit, entry, rules);
            parts.add(TransactWriteItem.builder().update(update).build());
        }
        parts.add(TransactWriteItem.builder().update(counter(connection, entry)).build());
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(Tokens.of("arrive", connection, entry, rules, liveLimit))
                .transactItems(parts)
                .build();
    }

    private Put row(Connection connection) {
        return Put.builder()
                .tableName(connectionsTable)
                .item(ConnectionItem.of(connection))
                .conditionExpression("attribute_not_exists(#connectionId)")
                .expressionAttributeNames(Map.of("#connectionId", ConnectionItem.CONNECTION_ID))
                .build();
    }

    /** The version grows in any case: the newcomer wants to hear. */
    private Update counter(Connection connection, Entry entry) {
        Map<String, String> names = new HashMap<>(CountItem.CHANGE_NAMES);
        names.put("#total", CountItem.TOTAL);
        names.put("#lastConnectionId", CountItem.LAST_CONNECTION_ID);
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":change", text(Change.CONNECT.name()),
                ":connectionId", text(connection.connectionId()),
                ":at", number(connection.connectedAt().toEpochMilli()),
                ":total", number(rules.totalGained(entry)),
                ":live", number(rules.liveGained(entry)),
                ":one", number(1)));
        Update.Builder update = Update.builder();
        if (liveLimit > 0 && rules.liveGained(entry) > 0) {
            values.put(":limit", number(liveLimit));
            update.conditionExpression("attribute_not_exists(#live) OR #live < :limit");
        }
        return update.tableName(countTable)
                .key(CountItem.key(connection.counterId()))
                .updateExpression("SET #lastChange = :change, #lastConnectionId = :connectionId, #updatedAt = :at"
                        + " ADD #total :total, #live :live, #version :one")
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build();
    }
}
