package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.aws.AwsRetries;
import io.github.visitorcounter.internal.connection.ConnectionPage;
import io.github.visitorcounter.internal.count.CounterKeys;
import io.github.visitorcounter.internal.count.CounterKeys.ShardKey;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.reconcile.CounterPage;
import io.github.visitorcounter.internal.reconcile.CounterState;
import io.github.visitorcounter.internal.reconcile.ReconcileProgress;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.reconcile.Repair;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.Retry;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.github.visitorcounter.internal.dynamodb.ConnectionItem.text;

/** Scans both tables consistently, and repairs, folds and removes counters. Thread-safe. */
public final class DynamoDbReconcileStore implements ReconcileStore {

    /** A page is held in memory. This size keeps it far below DynamoDB's limit of 1 MB. */
    private static final int PAGE_SIZE = 1_000;

    /** A repair does not add shards. */
    private static final int HOME_ROW_ONLY = 1;

    private final DynamoDbClient client;
    private final RepairTransaction transactions;
    private final CountReader reader;
    private final CounterWriter writer;
    private final ShardFold fold;
    private final UnusedCounterRemoval removal;
    private final String connectionsTable;
    private final String countersTable;
    private final int pageSize;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param connectionsTable the name or ARN of the table of connections
     * @param countersTable the name or ARN of the table of counters
     */
    public DynamoDbReconcileStore(DynamoDbClient client, String connectionsTable, String countersTable) {
        this(client, connectionsTable, countersTable, PAGE_SIZE, TimeSource.system());
    }

    DynamoDbReconcileStore(
            DynamoDbClient client, String connectionsTable, String countersTable, int pageSize, TimeSource timeSource) {
        this.client = client;
        this.transactions = new RepairTransaction(countersTable);
        this.reader = new CountReader(client, countersTable, timeSource);
        this.writer = new CounterWriter(
                client, countersTable, reader, new KnownShards(), counterId -> HOME_ROW_ONLY, timeSource);
        this.fold = new ShardFold(client, countersTable, reader, timeSource);
        this.removal = new UnusedCounterRemoval(client, countersTable, reader, timeSource);
        this.connectionsTable = connectionsTable;
        this.countersTable = countersTable;
        this.pageSize = pageSize;
        this.retry = AwsRetries.standard(timeSource, AwsFailures::isTransient);
    }

    @Override
    public ConnectionPage readConnections(Part part, Deadline deadline) {
        String cursor = part.cursor();
        ScanRequest scan = ScanRequest.builder()
                .tableName(connectionsTable)
                .consistentRead(true)
                .limit(pageSize)
                .segment(part.segment())
                .totalSegments(part.totalSegments())
                .exclusiveStartKey(cursor == null ? null : ConnectionItem.key(cursor))
                .build();
        ScanResponse page = scan(scan, deadline);
        List<Connection> connections = page.items().stream()
                .flatMap(item -> ConnectionItem.connection(item).stream())
                .toList();
        return new ConnectionPage(connections, next(page, ConnectionItem.CONNECTION_ID));
    }

    /**
     * The filter drops leases, visits and other rows of the same table: they have no {@code live}, and their keys
     * contain a #. Keys of shards contain a #, too.
     */
    @Override
    public CounterPage readCounters(@Nullable String cursor, Deadline deadline) {
        ScanRequest scan = ScanRequest.builder()
                .tableName(countersTable)
                .consistentRead(true)
                .limit(pageSize)
                .exclusiveStartKey(cursor == null ? null : CountItem.key(cursor))
                .filterExpression("attribute_type(#live, :number)"
                        + " AND (begins_with(#counterId, :shard) OR NOT contains(#counterId, :hash))")
                .expressionAttributeNames(Map.of("#live", CountItem.LIVE, "#counterId", CountItem.COUNTER_ID))
                .expressionAttributeValues(
                        Map.of(":number", text("N"), ":hash", text("#"), ":shard", text(CounterKeys.SHARD_PREFIX)))
                .build();
        ScanResponse page = scan(scan, deadline);
        List<CounterState> counters = new ArrayList<>();
        List<ShardKey> shards = new ArrayList<>();
        for (Map<String, AttributeValue> item : page.items()) {
            String key = CountItem.key(item);
            ShardKey shard = CounterKeys.parseShard(key);
            if (shard != null) {
                shards.add(shard);
            } else if (CounterKeys.counterOf(key) != null) {
                counters.add(state(reader.rest(key, item, deadline)));
            }
        }
        return new CounterPage(counters, shards, next(page, CountItem.COUNTER_ID));
    }

    private static CounterState state(CountReader.Reading reading) {
        Instant seenAt = CountItem.time(reading.home(), CountItem.SEEN_AT);
        return new CounterState(
                reading.count(),
                CountItem.number(reading.home(), CountItem.REPAIRS),
                reading.lastChange(),
                reading.shards(),
                seenAt == null
                        ? null
                        : new CounterState.Seen(CountItem.number(reading.home(), CountItem.SEEN_VERSION), seenAt));
    }

    private ScanResponse scan(ScanRequest scan, Deadline deadline) {
        return retry.call("Reading " + scan.tableName(), deadline, () -> client.scan(scan));
    }

    private static @Nullable String next(ScanResponse page, String key) {
        AttributeValue next = page.lastEvaluatedKey().get(key);
        return next == null ? null : next.s();
    }

    @Override
    public Map<String, CounterState> readCounters(Collection<String> counterIds, Deadline deadline) {
        Map<String, CounterState> states = new HashMap<>();
        reader.readAll(counterIds, deadline).forEach(reading -> states.put(reading.counterId(), state(reading)));
        return states;
    }

    @Override
    public boolean repair(Repair repair, Deadline deadline) {
        // If the condition failed, another run repaired the counter first, or somebody edited it.
        return writer.begin(List.of(repair.counterId()), repair.counterId(), deadline)
                        .write(new CounterTransaction(
                                rows -> transactions.of(repair), List.of(RepairTransaction.COUNTER)))
                == null;
    }

    @Override
    public void see(CounterState state, Instant at, Deadline deadline) {
        fold.see(state, at, deadline);
    }

    @Override
    public void fold(String counterId, Instant at, Deadline deadline) {
        fold.fold(counterId, at, deadline);
    }

    @Override
    public void closeStray(Collection<ShardKey> shards, Instant at, Deadline deadline) {
        fold.closeStray(shards, at, deadline);
    }

    @Override
    public boolean removeUnused(CounterState state, Instant unusedSince, Instant at, Deadline deadline) {
        return removal.remove(state, unusedSince, at, deadline);
    }

    @Override
    public @Nullable ReconcileProgress readProgress(Deadline deadline) {
        return ProgressItem.progress(
                retry.call("Reading the progress in " + countersTable, deadline, () -> client.getItem(
                                request -> request.tableName(countersTable)
                                        .key(ProgressItem.KEY)
                                        .consistentRead(true))
                        .item()));
    }

    @Override
    public void saveProgress(ReconcileProgress progress, Deadline deadline) {
        retry.call(
                "Saving the progress in " + countersTable,
                deadline,
                () -> client.putItem(request -> request.tableName(countersTable).item(ProgressItem.of(progress))));
    }

    @Override
    public void clearProgress(Deadline deadline) {
        retry.call(
                "Clearing the progress in " + countersTable,
                deadline,
                () -> client.deleteItem(
                        request -> request.tableName(countersTable).key(ProgressItem.KEY)));
    }
}
