package io.github.visitorcounter.aws;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.ConnectionPage;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.connection.PageRequest;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.aws.ConnectionItem.number;
import static io.github.visitorcounter.aws.ConnectionItem.text;

/** Reads the table of connections, always consistently. Thread-safe. */
public final class DynamoDbConnectionStore implements ConnectionStore {

    /** Keeps a page, which is in memory at once, far below DynamoDB's own limit of 1 MB; a larger page is not cheaper to read. */
    private static final int PAGE_SIZE = 1_000;

    private final DynamoDbClient client;
    private final String table;
    private final int pageSize;
    private final Timekeeper timekeeper;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#dynamoDb} makes it
     * @param table the table's name or ARN
     */
    public DynamoDbConnectionStore(DynamoDbClient client, String table) {
        this(client, table, PAGE_SIZE, Timekeeper.system());
    }

    DynamoDbConnectionStore(DynamoDbClient client, String table, int pageSize, Timekeeper timekeeper) {
        this.pageSize = pageSize;
        this.client = client;
        this.table = table;
        this.timekeeper = timekeeper;
        this.retry = AwsRetries.standard(timekeeper, AwsFailures::isTransient);
    }

    @Override
    public @Nullable Connection find(String connectionId, Deadline deadline) {
        Map<String, AttributeValue> item = retry.call(
                "Reading a connection of " + table, deadline, () -> client.getItem(request -> request.tableName(table)
                                .key(ConnectionItem.key(connectionId))
                                .consistentRead(true))
                        .item());
        return ConnectionItem.connection(item).orElse(null);
    }

    @Override
    public ConnectionPage read(PageRequest request, Deadline deadline) {
        ScanRequest scan = scan(request);
        ScanResponse page = retry.call("Reading the connections of " + table, deadline, () -> client.scan(scan));
        AttributeValue next = page.lastEvaluatedKey().get(ConnectionItem.CONNECTION_ID);
        List<Connection> connections = page.items().stream()
                .flatMap(item -> ConnectionItem.connection(item).stream())
                .toList();
        return new ConnectionPage(connections, next == null ? null : next.s());
    }

    private ScanRequest scan(PageRequest request) {
        String cursor = request.cursor();
        return ScanRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .limit(pageSize)
                .segment(request.segment())
                .totalSegments(request.totalSegments())
                .exclusiveStartKey(cursor == null ? null : ConnectionItem.key(cursor))
                .filterExpression("#counterId = :counterId AND #expiresAt > :now")
                .expressionAttributeNames(
                        Map.of("#counterId", ConnectionItem.COUNTER_ID, "#expiresAt", ConnectionItem.EXPIRES_AT))
                .expressionAttributeValues(Map.of(
                        ":counterId", text(request.counterId()),
                        ":now", number(timekeeper.now().getEpochSecond())))
                .build();
    }
}
