package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Builds the transaction of a connect: it puts the connection's row and, for each counter that the connection is
 * counted in, updates its visit and a row of the counter.
 *
 * @param connectionsTable the table of connections
 * @param countersTable the table of counters
 * @param rules the rules of counting
 * @param limits the limits of {@code live}
 */
record ConnectTransaction(String connectionsTable, String countersTable, VisitRules rules, LiveLimits limits) {

    /** The part of the connection's row. */
    static final int ROW = 0;

    private static final int PARTS_OF_A_COUNTER = 2;

    /** Returns the part of the visit of a counter, by the place of the counter in {@link Connection#countedIn()}. */
    static int visitPart(int counter) {
        return ROW + 1 + counter * PARTS_OF_A_COUNTER;
    }

    private static int counterPart(int counter) {
        return visitPart(counter) + 1;
    }

    /** Builds the transaction, with the assumed start of the visit in each counter. */
    CounterTransaction of(Connection connection, List<VisitStart> starts) {
        return new CounterTransaction(
                rows -> request(connection, starts, rows),
                IntStream.range(0, starts.size())
                        .mapToObj(ConnectTransaction::counterPart)
                        .toList());
    }

    private TransactWriteItemsRequest request(Connection connection, List<VisitStart> starts, List<CounterRow> rows) {
        List<TransactWriteItem> parts = new ArrayList<>();
        parts.add(TransactWriteItem.builder().put(row(connection)).build());
        for (int counter = 0; counter < rows.size(); counter++) {
            VisitStart start = starts.get(counter);
            CounterRow row = rows.get(counter);
            parts.add(TransactWriteItem.builder()
                    .update(VisitItem.start(countersTable, row.counterId(), connection, start, rules))
                    .build());
            parts.add(TransactWriteItem.builder()
                    .update(counter(connection, start, row))
                    .build());
        }
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("connect", connection, starts, rules, limits, rows))
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

    /** Increases the version even if no number changes: the new connection must receive the count. */
    private Update counter(Connection connection, VisitStart start, CounterRow row) {
        CounterRow.Difference difference = new CounterRow.Difference(Change.CONNECT, connection.connectedAt())
                .set(CountItem.LAST_CONNECTION_ID, text(connection.connectionId()))
                .add(CountItem.TOTAL, rules.totalIncrease(start))
                .add(CountItem.LIVE, rules.liveIncrease(start));
        MaxLive limit = limits.of(row.counterId());
        if (limit.isSet() && rules.liveIncrease(start) > 0) {
            difference.upTo(limit.part(row.index()));
        }
        return row.update(countersTable, difference);
    }
}
