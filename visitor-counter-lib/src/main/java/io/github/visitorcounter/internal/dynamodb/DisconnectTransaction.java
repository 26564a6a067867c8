package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.count.VisitEnd;
import io.github.visitorcounter.internal.count.VisitRules;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Builds the transaction of a disconnect: it deletes the connections' rows, and updates their visits in each counter
 * and, if its {@code live} changes, a row of the counter.
 *
 * @param connectionsTable the table of connections
 * @param countersTable the table of counters
 * @param rules the rules of counting
 */
record DisconnectTransaction(String connectionsTable, String countersTable, VisitRules rules) {

    CounterTransaction of(DisconnectBatch batch) {
        return new CounterTransaction(rows -> request(batch, rows), batch.counterParts(rules));
    }

    private TransactWriteItemsRequest request(DisconnectBatch batch, List<CounterRow> rows) {
        List<TransactWriteItem> parts = new ArrayList<>();
        batch.connections()
                .forEach(connection -> parts.add(TransactWriteItem.builder()
                        .delete(row(connection.connectionId()))
                        .build()));
        Map<String, Integer> counts = batch.countByVisit();
        for (int counter = 0; counter < rows.size(); counter++) {
            String counterId = rows.get(counter).counterId();
            batch.ends()
                    .get(counter)
                    .forEach((visit, end) -> parts.add(TransactWriteItem.builder()
                            .update(visit(counterId, visit, counts.getOrDefault(visit, 0), end))
                            .build()));
        }
        for (int counter = 0; counter < rows.size(); counter++) {
            int decrease = batch.liveDecrease(counter, rules);
            if (decrease > 0) {
                CounterRow.Difference difference =
                        new CounterRow.Difference(batch.change(), batch.at()).add(CountItem.LIVE, -decrease);
                parts.add(TransactWriteItem.builder()
                        .update(rows.get(counter).update(countersTable, difference))
                        .build());
            }
        }
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("disconnect", batch, rules, rows))
                .transactItems(parts)
                .build();
    }

    private Delete row(String connectionId) {
        return Delete.builder()
                .tableName(connectionsTable)
                .key(ConnectionItem.key(connectionId))
                .conditionExpression("attribute_exists(#connectionId)")
                .expressionAttributeNames(Map.of("#connectionId", ConnectionItem.CONNECTION_ID))
                .build();
    }

    private Update visit(String counterId, String visit, int connections, VisitEnd end) {
        return VisitItem.end(countersTable, counterId, visit, connections, end);
    }
}
