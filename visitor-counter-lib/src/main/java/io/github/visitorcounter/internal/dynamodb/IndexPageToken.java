package io.github.visitorcounter.internal.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Where a page of the index by counter ended. As a text it has a space, which the id of a connection never has: so a cursor of
 * the index and one of a scan are not taken for each other when an invocation goes on for one that was configured otherwise.
 *
 * @param connectedAt the last row's sort key, as DynamoDB writes numbers
 * @param connectionId the last row's key in the table
 */
record IndexPageToken(String connectedAt, String connectionId) {

    private static final String SEPARATOR = " ";

    /** Describes the key that DynamoDB gives for the next page; returns null when it gives none. */
    static @Nullable IndexPageToken of(Map<String, AttributeValue> lastKey) {
        AttributeValue connectedAt = lastKey.get(ConnectionItem.CONNECTED_AT);
        AttributeValue connectionId = lastKey.get(ConnectionItem.CONNECTION_ID);
        return connectedAt == null || connectionId == null
                ? null
                : new IndexPageToken(connectedAt.n(), connectionId.s());
    }

    /** Reads what {@link #asText} wrote; returns null when it is none, so that the reader starts from the beginning. */
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
