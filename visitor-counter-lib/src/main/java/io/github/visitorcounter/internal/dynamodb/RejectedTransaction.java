package io.github.visitorcounter.internal.dynamodb;

import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a transaction one that DynamoDB reads, weighs, and always rejects as a whole. */
final class RejectedTransaction {

    private static final String NEVER = "attribute_exists(#connectionId) AND attribute_not_exists(#connectionId)";
    private static final Map<String, String> NAMES = Map.of("#connectionId", ConnectionItem.CONNECTION_ID);

    private RejectedTransaction() {}

    /**
     * Gives the first part, the row of a connection, a condition that no row fulfils.
     *
     * @throws IllegalArgumentException if it does not begin with one: it might be carried out
     */
    static TransactWriteItemsRequest of(TransactWriteItemsRequest request) {
        List<TransactWriteItem> parts = new ArrayList<>(request.transactItems());
        parts.set(0, rejected(parts.get(0)));
        // Every stack primes with the same connection. Its token names the table, so that two stacks of an account,
        // which share
        // DynamoDB's memory of tokens, have different ones.
        return request.toBuilder()
                .clientRequestToken(ClientRequestTokens.of(
                        "prime", table(parts.get(0)), String.valueOf(request.clientRequestToken())))
                .transactItems(parts)
                .build();
    }

    private static String table(TransactWriteItem part) {
        return part.put() != null ? part.put().tableName() : part.delete().tableName();
    }

    private static TransactWriteItem rejected(TransactWriteItem part) {
        if (part.put() != null) {
            return part.toBuilder()
                    .put(put -> put.tableName(part.put().tableName())
                            .item(part.put().item())
                            .conditionExpression(NEVER)
                            .expressionAttributeNames(NAMES))
                    .build();
        }
        if (part.delete() != null) {
            return part.toBuilder()
                    .delete(delete -> delete.tableName(part.delete().tableName())
                            .key(part.delete().key())
                            .conditionExpression(NEVER)
                            .expressionAttributeNames(NAMES))
                    .build();
        }
        throw new IllegalArgumentException("A transaction begins with a connection's row, this one with " + part);
    }
}
