package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.number;
import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/**
 * Reads the table of connections. Thread-safe.
 *
 * <p>Without an index, it scans the whole table consistently. That suits a site with one counter, which needs every
 * row. The site counter, whose audience is the whole table, is read in this way even if there is an index. With an
 * index, it queries the rows of one counter. A global index lags behind its table, usually by a fraction of a second.
 *
 * <p>DynamoDB has no parallel query: each segment reads the whole partition of the counter, and drops the connections
 * of the other segments. At half a read unit for some thirty rows, reading for twenty segments costs 4 % of the
 * messages that they send.
 */
public final class DynamoDbConnectionStore implements ConnectionStore {

    /**
     * A page is held in memory. This size keeps it far below DynamoDB's limit of 1 MB; a larger page costs the same per
     * row.
     */
    private static final int PAGE_SIZE = 1_000;

    private static final String NOT_EXPIRED = "#expiresAt > :now";
    private static final String OF_COUNTER = "#counterId = :counterId";
    private static final Duration INDEX_LAG = Duration.ofSeconds(2);

    private final DynamoDbClient client;
    private final String table;
    private final @Nullable String index;
    private final @Nullable String siteCounter;
    private final int pageSize;
    private final TimeSource timeSource;
    private final Retry retry;

    /**
     * Creates a store that scans the table.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param table the table's name or ARN
     */
    public DynamoDbConnectionStore(DynamoDbClient client, String table) {
        this(client, table, null, null);
    }

    /**
     * Creates a store.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param table the table's name or ARN
     * @param index the name of its index by {@code counterId} and {@code connectedAt}, or null
     * @param siteCounter the site counter, whose pages contain the connections of all counters, or null
     */
    public DynamoDbConnectionStore(
            DynamoDbClient client, String table, @Nullable String index, @Nullable String siteCounter) {
        this(client, table, index, siteCounter, PAGE_SIZE, TimeSource.system());
    }

    DynamoDbConnectionStore(
            DynamoDbClient client,
            String table,
            @Nullable String index,
            @Nullable String siteCounter,
            int pageSize,
            TimeSource timeSource) {
        this.pageSize = pageSize;
        this.client = client;
        this.table = table;
        this.index = index;
        this.siteCounter = siteCounter;
        this.timeSource = timeSource;
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
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
        return index == null || isSite(request.counterId())
                ? scan(request, deadline)
                : query(request, index, Instant.EPOCH, deadline);
    }

    @Override
    public Duration lag(String counterId) {
        return index == null || isSite(counterId) ? Duration.ZERO : INDEX_LAG;
    }

    private boolean isSite(String counterId) {
        return counterId.equals(siteCounter);
    }

    @Override
    public List<Connection> recent(String counterId, Instant since, Deadline deadline) {
        if (index == null || isSite(counterId)) {
            return ConnectionStore.super.recent(counterId, since, deadline);
        }
        List<Connection> recent = new ArrayList<>();
        PageRequest next = PageRequest.first(counterId);
        while (next != null) {
            ConnectionPage page = query(next, index, since, deadline);
            recent.addAll(page.connections());
            next = page.next() == null ? null : next.from(page.next());
        }
        return recent;
    }

    private ConnectionPage scan(PageRequest request, Deadline deadline) {
        String cursor = IndexPageToken.parse(request.cursor()) == null ? request.cursor() : null;
        Map<String, String> names = new HashMap<>(Map.of("#expiresAt", ConnectionItem.EXPIRES_AT));
        Map<String, AttributeValue> values =
                new HashMap<>(Map.of(":now", number(timeSource.now().getEpochSecond())));
        if (!isSite(request.counterId())) {
            names.put("#counterId", ConnectionItem.COUNTER_ID);
            values.put(":counterId", text(request.counterId()));
        }
        ScanRequest scan = ScanRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .limit(pageSize)
                .segment(request.segment())
                .totalSegments(request.totalSegments())
                .exclusiveStartKey(cursor == null ? null : ConnectionItem.key(cursor))
                .filterExpression(isSite(request.counterId()) ? NOT_EXPIRED : NOT_EXPIRED + " AND " + OF_COUNTER)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build();
        ScanResponse page = retry.call("Reading the connections of " + table, deadline, () -> client.scan(scan));
        AttributeValue next = page.lastEvaluatedKey().get(ConnectionItem.CONNECTION_ID);
        return new ConnectionPage(connections(page.items()), next == null ? null : next.s());
    }

    private ConnectionPage query(PageRequest request, String byCounter, Instant since, Deadline deadline) {
        IndexPageToken cursor = IndexPageToken.parse(request.cursor());
        QueryRequest query = QueryRequest.builder()
                .tableName(table)
                .indexName(byCounter)
                .limit(pageSize)
                .exclusiveStartKey(cursor == null ? null : cursor.key(request.counterId()))
                .keyConditionExpression("#counterId = :counterId AND #connectedAt > :since")
                .filterExpression(NOT_EXPIRED)
                .expressionAttributeNames(Map.of(
                        "#counterId", ConnectionItem.COUNTER_ID,
                        "#connectedAt", ConnectionItem.CONNECTED_AT,
                        "#expiresAt", ConnectionItem.EXPIRES_AT))
                .expressionAttributeValues(Map.of(
                        ":counterId", text(request.counterId()),
                        ":since", number(since.toEpochMilli()),
                        ":now", number(timeSource.now().getEpochSecond())))
                .build();
        QueryResponse page =
                retry.call("Reading the index " + byCounter + " of " + table, deadline, () -> client.query(query));
        List<Connection> segment = connections(page.items()).stream()
                .filter(connection -> segmentOf(connection, request.totalSegments()) == request.segment())
                .toList();
        IndexPageToken next = IndexPageToken.of(page.lastEvaluatedKey());
        return new ConnectionPage(segment, next == null ? null : next.asText());
    }

    private static int segmentOf(Connection connection, int totalSegments) {
        return Math.floorMod(connection.connectionId().hashCode(), totalSegments);
    }

    private static List<Connection> connections(List<Map<String, AttributeValue>> items) {
        return items.stream()
                .flatMap(item -> ConnectionItem.connection(item).stream())
                .toList();
    }
}
