package io.github.visitorcounter.aws;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.aws.ConnectionItem.number;
import static io.github.visitorcounter.aws.ConnectionItem.text;

/**
 * Describes the transactions. The row's parts come first, the counter's part last.
 *
 * <p>Each has a token that is derived from what it does, so that a retry whose first attempt was carried out, its answer lost,
 * is answered as that attempt was (DynamoDB remembers tokens for ten minutes). After that the conditions alone decide.
 */
final class Transactions {

    /** A token's limit is 36 characters; this many bytes are as good as unique, and as Base64 they fit. */
    private static final int TOKEN_BYTES = 27;

    private static final Map<String, String> COUNTER_NAMES = Map.of(
            "#live", CountItem.LIVE,
            "#version", CountItem.VERSION,
            "#lastChange", CountItem.LAST_CHANGE,
            "#updatedAt", CountItem.UPDATED_AT);

    private final String connectionsTable;
    private final String countTable;

    Transactions(String connectionsTable, String countTable) {
        this.connectionsTable = connectionsTable;
        this.countTable = countTable;
    }

    /**
     * Connections that leave together.
     *
     * @param counterId their counter
     * @param connectionIds at most 99
     * @param change why
     * @param at when
     * @param toZero whether the counter shows fewer than leave, and is set to zero instead
     */
    record Leave(String counterId, List<String> connectionIds, Change change, Instant at, boolean toZero) {
        Leave of(List<String> remaining) {
            return new Leave(counterId, remaining, change, at, toZero);
        }

        Leave towards(boolean zero) {
            return new Leave(counterId, connectionIds, change, at, zero);
        }
    }

    TransactWriteItemsRequest arrival(Connection connection) {
        return arrival(connection, "attribute_not_exists(#connectionId)");
    }

    /** An arrival on a condition that no row fulfils: it is refused, and nothing is written, whatever the tables hold. */
    TransactWriteItemsRequest impossibleArrival(Connection connection) {
        return arrival(connection, "attribute_exists(#connectionId) AND attribute_not_exists(#connectionId)");
    }

    private TransactWriteItemsRequest arrival(Connection connection, String condition) {
        Put row = Put.builder()
                .tableName(connectionsTable)
                .item(ConnectionItem.of(connection))
                .conditionExpression(condition)
                .expressionAttributeNames(Map.of("#connectionId", ConnectionItem.CONNECTION_ID))
                .build();
        Map<String, String> names = new HashMap<>(COUNTER_NAMES);
        names.put("#total", CountItem.TOTAL);
        names.put("#lastConnectionId", CountItem.LAST_CONNECTION_ID);
        Update counter = Update.builder()
                .tableName(countTable)
                .key(CountItem.key(connection.counterId()))
                .updateExpression("SET #lastChange = :change, #lastConnectionId = :connectionId, #updatedAt = :at"
                        + " ADD #total :one, #live :one, #version :one")
                .expressionAttributeNames(names)
                .expressionAttributeValues(Map.of(
                        ":change", text(Change.CONNECT.name()),
                        ":connectionId", text(connection.connectionId()),
                        ":at", number(connection.connectedAt().toEpochMilli()),
                        ":one", number(1)))
                .build();
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(token("arrive " + connection.connectionId()))
                .transactItems(
                        TransactWriteItem.builder().put(row).build(),
                        TransactWriteItem.builder().update(counter).build())
                .build();
    }

    TransactWriteItemsRequest departure(Leave leave) {
        List<TransactWriteItem> parts = new ArrayList<>();
        for (String connectionId : leave.connectionIds()) {
            Delete row = Delete.builder()
                    .tableName(connectionsTable)
                    .key(ConnectionItem.key(connectionId))
                    .conditionExpression("attribute_exists(#connectionId)")
                    .expressionAttributeNames(Map.of("#connectionId", ConnectionItem.CONNECTION_ID))
                    .build();
            parts.add(TransactWriteItem.builder().delete(row).build());
        }
        parts.add(TransactWriteItem.builder().update(decrement(leave)).build());
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(token("leave " + leave.toZero() + " " + String.join(" ", leave.connectionIds())))
                .transactItems(parts)
                .build();
    }

    private Update decrement(Leave leave) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":change", text(leave.change().name()));
        values.put(":at", number(leave.at().toEpochMilli()));
        values.put(":one", number(1));
        values.put(":leaving", number(leave.connectionIds().size()));
        Update.Builder update = Update.builder()
                .tableName(countTable)
                .key(CountItem.key(leave.counterId()))
                .expressionAttributeNames(COUNTER_NAMES);
        if (leave.toZero()) {
            values.put(":zero", number(0));
            update.updateExpression("SET #lastChange = :change, #updatedAt = :at, #live = :zero ADD #version :one")
                    .conditionExpression("attribute_not_exists(#live) OR #live < :leaving");
        } else {
            values.put(":minus", number(-leave.connectionIds().size()));
            update.updateExpression("SET #lastChange = :change, #updatedAt = :at ADD #live :minus, #version :one")
                    .conditionExpression("#live >= :leaving");
        }
        return update.expressionAttributeValues(values).build();
    }

    private static String token(String action) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(action.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, TOKEN_BYTES * 4 / 3);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
