package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads rows of a table by their keys, many at once, consistently. Thread-safe. */
final class BatchGet {

    /** The limit of BatchGetItem. */
    private static final int MAX_KEYS = 100;

    private final DynamoDbClient client;
    private final String table;
    private final Retry retry;

    BatchGet(DynamoDbClient client, String table, TimeSource timeSource) {
        this.client = client;
        this.table = table;
        this.retry = AwsRetries.standard(
                timeSource, failure -> failure instanceof UnprocessedKeysException || AwsFailures.isTransient(failure));
    }

    /** Returns the rows that exist. The keys must be distinct. */
    List<Map<String, AttributeValue>> read(List<Map<String, AttributeValue>> keys, Deadline deadline) {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += MAX_KEYS) {
            Batch batch = new Batch(keys.subList(from, Math.min(from + MAX_KEYS, keys.size())));
            found.addAll(retry.call("Reading rows of " + table, deadline, batch::readSome));
        }
        return found;
    }

    /** The keys of one call. Each attempt requests the keys that DynamoDB has not processed yet. */
    private final class Batch {

        private final List<Map<String, AttributeValue>> found = new ArrayList<>();
        private KeysAndAttributes pending;

        Batch(List<Map<String, AttributeValue>> keys) {
            this.pending =
                    KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
        }

        private List<Map<String, AttributeValue>> readSome() {
            BatchGetItemResponse response =
                    client.batchGetItem(request -> request.requestItems(Map.of(table, pending)));
            response.responses().values().forEach(found::addAll);
            response.unprocessedKeys().values().forEach(unprocessed -> {
                pending = unprocessed;
                throw new UnprocessedKeysException(unprocessed.keys().size());
            });
            return found;
        }
    }

    /** DynamoDB processed only some of the keys, for instance because of throttling. */
    private static final class UnprocessedKeysException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnprocessedKeysException(int keys) {
            super("DynamoDB left " + keys + " keys unprocessed");
        }
    }
}
