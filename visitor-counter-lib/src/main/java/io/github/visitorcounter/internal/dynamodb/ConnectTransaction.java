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
 * Describes the transaction of an arrival: the connection's row, its visit, and a row of the counter.
 *
 * @param connectionsTable the table of connections
 * @param countersTable the table of counters
 * @param rules what counts
 * @param limit how many may be live
 */
record ConnectTransaction(String connectionsTable, String countersTable, VisitRules rules, MaxLive limit) {

    /** Where the connection's row stands. */
    static final int ROW = 0;

    /** Where its visit stands. */
    static final int VISIT = 1;

    /** Where the counter stands. */
    static final int COUNTER = 2;

    TransactWriteItemsRequest request(Connection connection, VisitStart start, CounterRow row) {
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("arrive", connection, start, rules, limit, row))
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

    /** The version grows in any case: the new connection is to be sent the count. */
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
