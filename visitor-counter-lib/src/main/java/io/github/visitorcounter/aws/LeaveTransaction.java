package io.github.visitorcounter.aws;

import io.github.visitorcounter.count.Exit;
import io.github.visitorcounter.count.VisitRules;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
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
 * Describes the transaction of a departure: the connections' rows, their visits that have one, and the counter where it changes.
 *
 * @param connectionsTable the table of connections
 * @param countTable the table of counters
 * @param rules what counts
 */
record LeaveTransaction(String connectionsTable, String countTable, VisitRules rules) {

    TransactWriteItemsRequest request(LeaveBatch batch) {
        List<TransactWriteItem> parts = new ArrayList<>();
        batch.connections()
                .forEach(connection -> parts.add(TransactWriteItem.builder()
                        .delete(row(connection.connectionId()))
                        .build()));
        Map<String, Integer> leaving = batch.leaving();
        batch.exits()
                .forEach((visit, exit) -> parts.add(TransactWriteItem.builder()
                        .update(visit(batch.counterId(), visit, leaving.getOrDefault(visit, 0), exit))
                        .build()));
        int lost = batch.liveLost(rules);
        if (lost > 0) {
            parts.add(TransactWriteItem.builder().update(counter(batch, lost)).build());
        }
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(Tokens.of("leave", batch, rules))
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

    private Update visit(String counterId, String visit, int leaving, Exit exit) {
        return VisitItem.exit(countTable, counterId, visit, leaving, exit);
    }

    private Update counter(LeaveBatch batch, int lost) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":change", text(batch.change().name()));
        values.put(":at", number(batch.at().toEpochMilli()));
        values.put(":one", number(1));
        values.put(":lost", number(lost));
        Update.Builder update = Update.builder()
                .tableName(countTable)
                .key(CountItem.key(batch.counterId()))
                .expressionAttributeNames(CountItem.CHANGE_NAMES);
        if (batch.toZero()) {
            values.put(":zero", number(0));
            update.updateExpression("SET #lastChange = :change, #updatedAt = :at, #live = :zero ADD #version :one")
                    .conditionExpression("attribute_not_exists(#live) OR #live < :lost");
        } else {
            values.put(":minus", number(-lost));
            update.updateExpression("SET #lastChange = :change, #updatedAt = :at ADD #live :minus, #version :one")
                    .conditionExpression("#live >= :lost");
        }
        return update.expressionAttributeValues(values).build();
    }
}
