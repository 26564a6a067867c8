package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads many connections by their ids, consistently. Thread-safe. */
final class ConnectionRows {

    private final BatchGet rows;

    ConnectionRows(DynamoDbClient client, String table, TimeSource timeSource) {
        this.rows = new BatchGet(client, table, timeSource);
    }

    /** Returns the connections that have a row. */
    List<Connection> find(Collection<String> connectionIds, Deadline deadline) {
        List<Map<String, AttributeValue>> keys =
                new TreeSet<>(connectionIds).stream().map(ConnectionItem::key).toList();
        return rows.read(keys, deadline).stream()
                .flatMap(item -> ConnectionItem.connection(item).stream())
                .toList();
    }
}
