package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Builds the transaction of a connect: it puts the connection's row, and updates its visit and a row of the counter.
 *
 * @param connectionsTable the table of connections
 * @param countersTable the table of counters
 * @param rules the rules of counting
 * @param limit the limit of {@code live}
 */
record ConnectTransaction(String connectionsTable, String countersTable, VisitRules rules, MaxLive limit) {

    /** The part of the connection's row. */
    static final int ROW = 0;

    /** The part of the visit. */
    static final int VISIT = 1;

    /** The part of the counter. */
    static final int COUNTER = 2;

    TransactWriteItemsRequest request(Connection connection, VisitStart start, CounterRow row) {
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("connect", connection, start, rules, limit, row))
                .transactItems(
                        TransactWriteItem.builder().put(row(connection)).build(),
                        TransactWriteItem.builder()
                                .update(VisitItem.start(countersTable, connection, start, rules))
                                .build(),
                        TransactWriteItem.builder()
                                .update(counter(connection, start, row))
                                .build())
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

    /** Increases the version even if no number changes: the new connection must receive the count. */
    private Update counter(Connection connection, VisitStart start, CounterRow row) {
        CounterRow.Difference difference = new CounterRow.Difference(Change.CONNECT, connection.connectedAt())
                .set(CountItem.LAST_CONNECTION_ID, text(connection.connectionId()))
                .add(CountItem.TOTAL, rules.totalIncrease(start))
                .add(CountItem.LIVE, rules.liveIncrease(start));
        if (limit.isSet() && rules.liveIncrease(start) > 0) {
            difference.upTo(limit.part(row.index()));
        }
        return row.update(countersTable, difference);
    }
}
