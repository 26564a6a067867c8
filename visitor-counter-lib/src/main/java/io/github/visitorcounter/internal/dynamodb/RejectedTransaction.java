package io.github.visitorcounter.internal.dynamodb;

import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Changes a transaction so that DynamoDB evaluates it, but always rejects it as a whole. */
final class RejectedTransaction {

    private static final String NEVER = "attribute_exists(#connectionId) AND attribute_not_exists(#connectionId)";
    private static final Map<String, String> NAMES = Map.of("#connectionId", ConnectionItem.CONNECTION_ID);

    private RejectedTransaction() {}

    /**
     * Replaces the condition of the first part, the row of a connection, by one that no row meets.
     *
     * @throws IllegalArgumentException if the first part is not the row of a connection: DynamoDB might carry it out
     */
    static TransactWriteItemsRequest of(TransactWriteItemsRequest request) {
        List<TransactWriteItem> parts = new ArrayList<>(request.transactItems());
        parts.set(0, rejected(parts.get(0)));
        // Every stack primes with the same connection, and the tokens of an account must be unique. The table in the
        // token distinguishes two stacks.
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
        throw new IllegalArgumentException("The first part must put or delete the row of a connection, but is " + part);
    }
}
