package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.reconcile.Repair;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.util.HashMap;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Builds the transaction of a repair. It adds a difference, so that it keeps all changes since the drift was measured.
 * Its condition is the number of repairs, so that only one of two runs that measured the same drift repairs it. It is a
 * transaction, although it has one part, because of the token: a retry after a lost answer succeeds without a second
 * repair.
 */
final class RepairTransaction {

    private static final Map<String, String> NAMES = Map.of(
            "#live", CountItem.LIVE,
            "#total", CountItem.TOTAL,
            "#version", CountItem.VERSION,
            "#repairs", CountItem.REPAIRS,
            "#lastChange", CountItem.LAST_CHANGE,
            "#updatedAt", CountItem.UPDATED_AT);

    /** The part of the counter's home row. */
    static final int COUNTER = 0;

    private final String countersTable;

    RepairTransaction(String countersTable) {
        this.countersTable = countersTable;
    }

    TransactWriteItemsRequest of(Repair repair) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":change", text(Change.RECONCILE.name()),
                ":at", number(repair.at().toEpochMilli()),
                ":here", number(Math.max(0, -repair.drift())),
                ":minus", number(-repair.drift()),
                ":step", number(repair.versionStep()),
                ":one", number(1)));
        Update update = Update.builder()
                .tableName(countersTable)
                .key(CountItem.key(repair.counterId()))
                .updateExpression("SET #lastChange = :change, #updatedAt = :at, #total = if_not_exists(#total, :here)"
                        + " ADD #live :minus, #version :step, #repairs :one")
                .conditionExpression(condition(repair, values))
                .expressionAttributeNames(NAMES)
                .expressionAttributeValues(values)
                .build();
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(ClientRequestTokens.of("repair", repair))
                .transactItems(TransactWriteItem.builder().update(update).build())
                .build();
    }

    private static String condition(Repair repair, Map<String, AttributeValue> values) {
        long repairs = repair.measured().repairs();
        String condition = "attribute_not_exists(#repairs)";
        if (repairs > 0) {
            values.put(":repairs", number(repairs));
            condition = "#repairs = :repairs";
        }
        return condition;
    }
}
