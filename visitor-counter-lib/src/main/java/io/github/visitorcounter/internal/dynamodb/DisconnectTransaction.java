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
 * Describes the transaction of a departure: the connections' rows, their visits, and a row of the counter where it changes.
 *
 * @param connectionsTable the table of connections
 * @param countersTable the table of counters
 * @param rules what counts
 */
record DisconnectTransaction(String connectionsTable, String countersTable, VisitRules rules) {

    TransactWriteItemsRequest request(DisconnectBatch batch, CounterRow row) {
        List<TransactWriteItem> parts = new ArrayList<>();
        batch.connections()
                .forEach(connection -> parts.add(TransactWriteItem.builder()
                        .delete(row(connection.connectionId()))
                        .build()));
        Map<String, Integer> leaving = batch.leaving();
        batch.exits()
                .forEach((visit, end) -> parts.add(TransactWriteItem.builder()
                        .update(visit(batch.counterId(), visit, leaving.getOrDefault(visit, 0), end))
                        .build()));
        int lost = batch.liveDecrease(rules);
        if (lost > 0) {
            CounterRow.Difference difference =
                    new CounterRow.Difference(batch.change(), batch.at()).add(CountItem.LIVE, -lost);
            parts.add(TransactWriteItem.builder()
                    .update(row.update(countersTable, difference))
                    .build());
        }
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("leave", batch, rules, row))
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

    private Update visit(String counterId, String visit, int leaving, VisitEnd end) {
        return VisitItem.end(countersTable, counterId, visit, leaving, end);
    }
}
