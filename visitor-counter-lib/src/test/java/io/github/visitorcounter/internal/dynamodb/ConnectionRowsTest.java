package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionRowsTest {

    private static final String TABLE = "ConnectionIDs";
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void unprocessed_keys_are_requested_again() {
        ThrottledDynamoDb dynamoDb = new ThrottledDynamoDb();
        List<String> ids = IntStream.range(0, 130).mapToObj(i -> "id-" + i).toList();

        List<Connection> found = new ConnectionRows(dynamoDb, TABLE, TimeSource.system())
                .find(ids, new Deadline(Instant.now().plusSeconds(60)));

        assertThat(found.stream().map(Connection::connectionId)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(dynamoDb.calls).containsExactly(100, 60, 20, 30);
    }

    /** Processes at most forty keys in a call. */
    private static final class ThrottledDynamoDb implements DynamoDbClient {

        private final List<Integer> calls = new ArrayList<>();

        @Override
        public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
            KeysAndAttributes requested = request.requestItems().get(TABLE);
            assertThat(requested.consistentRead()).isTrue();
            List<Map<String, AttributeValue>> keys = requested.keys();
            calls.add(keys.size());
            int processed = Math.min(40, keys.size());
            BatchGetItemResponse.Builder response = BatchGetItemResponse.builder()
                    .responses(Map.of(
                            TABLE,
                            keys.subList(0, processed).stream()
                                    .map(key -> ConnectionItem.of(Connection.opened(
                                            key.get("connectionId").s(), "site", NOW)))
                                    .toList()));
            if (processed < keys.size()) {
                response.unprocessedKeys(Map.of(
                        TABLE,
                        requested.toBuilder()
                                .keys(keys.subList(processed, keys.size()))
                                .build()));
            }
            return response.build();
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }
}
