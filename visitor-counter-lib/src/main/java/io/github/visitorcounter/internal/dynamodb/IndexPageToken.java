package io.github.visitorcounter.internal.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * The position after a page of the index by counter. Its text contains a space, which connection ids never contain. A
 * cursor of the index therefore cannot be confused with a cursor of a scan, if an invocation resumes a pass of an
 * invocation with another configuration.
 *
 * @param connectedAt the sort key of the last row, as DynamoDB writes numbers
 * @param connectionId the key of the last row in the table
 */
record IndexPageToken(String connectedAt, String connectionId) {

    private static final String SEPARATOR = " ";

    /** Converts a {@code LastEvaluatedKey}; returns null if there is no further page. */
    static @Nullable IndexPageToken of(Map<String, AttributeValue> lastKey) {
        AttributeValue connectedAt = lastKey.get(ConnectionItem.CONNECTED_AT);
        AttributeValue connectionId = lastKey.get(ConnectionItem.CONNECTION_ID);
        return connectedAt == null || connectionId == null
                ? null
                : new IndexPageToken(connectedAt.n(), connectionId.s());
    }

    /**
     * Parses the result of {@link #asText}. Returns null for any other text, so that the caller starts with the first
     * page.
     */
    static @Nullable IndexPageToken parse(@Nullable String cursor) {
        if (cursor == null || !cursor.contains(SEPARATOR)) {
            return null;
        }
        String[] parts = cursor.split(SEPARATOR, 2);
        return new IndexPageToken(parts[0], parts[1]);
    }

    String asText() {
        return connectedAt + SEPARATOR + connectionId;
    }

    Map<String, AttributeValue> key(String counterId) {
        return Map.of(
                ConnectionItem.COUNTER_ID, text(counterId),
                ConnectionItem.CONNECTED_AT, AttributeValue.fromN(connectedAt),
                ConnectionItem.CONNECTION_ID, text(connectionId));
    }
}
