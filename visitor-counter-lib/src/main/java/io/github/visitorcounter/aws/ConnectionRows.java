package io.github.visitorcounter.aws;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds connections by their ids, many at once, consistently. Thread-safe. */
final class ConnectionRows {

    /** The limit of a BatchGetItem. */
    private static final int MOST_KEYS = 100;

    private final DynamoDbClient client;
    private final String table;
    private final Retry retry;

    ConnectionRows(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
        this.retry = AwsRetries.standard(
                failure -> failure instanceof UnprocessedKeysException || AwsFailures.isTransient(failure));
    }

    /** Finds those that are there. */
    List<Connection> find(Collection<String> connectionIds, Deadline deadline) {
        List<Connection> found = new ArrayList<>();
        List<String> distinct = new ArrayList<>(new TreeSet<>(connectionIds));
        for (int from = 0; from < distinct.size(); from += MOST_KEYS) {
            List<String> some = distinct.subList(from, Math.min(from + MOST_KEYS, distinct.size()));
            found.addAll(new Batch(some).read(deadline));
        }
        return found;
    }

    /** The keys of one call; those that DynamoDB leaves unprocessed, because it is throttled, are asked for again. */
    private final class Batch {

        private final List<Connection> found = new ArrayList<>();
        private KeysAndAttributes wanted;

        Batch(List<String> connectionIds) {
            this.wanted = KeysAndAttributes.builder()
                    .keys(connectionIds.stream().map(ConnectionItem::key).toList())
                    .consistentRead(true)
                    .build();
        }

        List<Connection> read(Deadline deadline) {
            return retry.call("Reading connections of " + table, deadline, this::readSome);
        }

        private List<Connection> readSome() {
            BatchGetItemResponse response = client.batchGetItem(request -> request.requestItems(Map.of(table, wanted)));
            for (List<Map<String, AttributeValue>> items : response.responses().values()) {
                items.forEach(item -> ConnectionItem.connection(item).ifPresent(found::add));
            }
            response.unprocessedKeys().values().forEach(unprocessed -> {
                wanted = unprocessed;
                throw new UnprocessedKeysException(unprocessed.keys().size());
            });
            return found;
        }
    }

    /** DynamoDB answered for a part of the keys. */
    private static final class UnprocessedKeysException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnprocessedKeysException(int keys) {
            super("DynamoDB left " + keys + " keys unprocessed");
        }
    }
}
