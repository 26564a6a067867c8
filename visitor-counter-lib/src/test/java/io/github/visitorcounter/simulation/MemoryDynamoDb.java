package io.github.visitorcounter.simulation;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An in-memory implementation of the DynamoDB operations that this library uses, so that the production adapters run on
 * it. It passes the contract suites of the stores. Transactions hold their items from {@link #prepare} to
 * {@link #commit}, and conflict. Thread-safe.
 */
final class MemoryDynamoDb implements DynamoDbClient {

    /** How long DynamoDB remembers the token of a transaction. */
    private static final Duration TOKEN_MEMORY = Duration.ofMinutes(10);

    /** The maximum lag of a replica. */
    static final Duration LAG = Duration.ofSeconds(1);

    /** Receives every change while it is made: the changes of a transaction one after another, then its end. */
    interface Listener {
        void changed(
                String table,
                String key,
                @Nullable Map<String, AttributeValue> before,
                @Nullable Map<String, AttributeValue> after);

        void committed();
    }

    static final Listener NO_LISTENER = new Listener() {
        @Override
        public void changed(
                String table,
                String key,
                @Nullable Map<String, AttributeValue> before,
                @Nullable Map<String, AttributeValue> after) {
            // No listener.
        }

        @Override
        public void committed() {
            // No listener.
        }
    };

    static final String CONNECTIONS = "ConnectionIDs";
    static final String COUNTS = "VisitorCount";
    static final String BY_COUNTER = "byCounter";

    private static final class Table {
        private final String keyName;
        private final NavigableMap<String, Map<String, AttributeValue>> items = new TreeMap<>();

        Table(String keyName) {
            this.keyName = keyName;
        }

        void set(String key, @Nullable Map<String, AttributeValue> item) {
            if (item == null) {
                items.remove(key);
            } else {
                items.put(key, item);
            }
        }
    }

    /** A former state of an item. */
    private record Past(
            Instant until,
            Table table,
            String key,
            @Nullable Map<String, AttributeValue> item) {}

    private record Remembered(TransactWriteItemsRequest request, Instant at) {}

    /** The condition and the effect of a change on one item. */
    private record Part(
            String table,
            String key,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            boolean showsTheFailed,
            Supplier<@Nullable Map<String, AttributeValue>> after) {}

    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, Remembered> tokens = new HashMap<>();
    private final Set<String> inProgress = new HashSet<>();
    private final Deque<Past> past = new ArrayDeque<>();
    private final Contention contention;
    private final Supplier<Instant> clock;
    private final Listener listener;

    private MemoryDynamoDb(Supplier<Instant> clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
        this.contention = new Contention(clock);
    }

    static MemoryDynamoDb withTables(Supplier<Instant> clock, Listener listener) {
        MemoryDynamoDb dynamoDb = new MemoryDynamoDb(clock, listener);
        dynamoDb.tables.put(CONNECTIONS, new Table("connectionId"));
        dynamoDb.tables.put(COUNTS, new Table("counterId"));
        return dynamoDb;
    }

    /** Returns the current items of a table by key. */
    synchronized NavigableMap<String, Map<String, AttributeValue>> items(String table) {
        return new TreeMap<>(table(table).items);
    }

    /** Reads with eventual consistency, from a replica that lags by at most a second. */
    synchronized <T> T asOf(Instant moment, Supplier<T> read) {
        Deque<Past> undone = new ArrayDeque<>();
        while (!past.isEmpty() && past.getLast().until().isAfter(moment)) {
            Past change = past.removeLast();
            undone.push(new Past(
                    change.until(),
                    change.table(),
                    change.key(),
                    change.table().items.get(change.key())));
            undone.push(change);
            change.table().set(change.key(), change.item());
        }
        try {
            return read.get();
        } finally {
            while (!undone.isEmpty()) {
                past.addLast(undone.pop());
                Past now = undone.pop();
                now.table().set(now.key(), now.item());
            }
        }
    }

    /** Puts or removes an item, as an operator who edits the table. */
    synchronized void edit(String table, String key, @Nullable Map<String, AttributeValue> item) {
        put(table, key, item);
        listener.committed();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds no resources.
    }

    @Override
    public synchronized GetItemResponse getItem(GetItemRequest request) {
        Map<String, AttributeValue> item = item(request.tableName(), keyOf(request.tableName(), request.key()));
        return GetItemResponse.builder().item(item).build();
    }

    @Override
    public synchronized BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        Map<String, List<Map<String, AttributeValue>>> found = new HashMap<>();
        request.requestItems()
                .forEach((table, wanted) -> found.put(
                        table,
                        wanted.keys().stream()
                                .map(key -> item(table, keyOf(table, key)))
                                .filter(item -> !item.isEmpty())
                                .toList()));
        return BatchGetItemResponse.builder().responses(found).build();
    }

    @Override
    public synchronized PutItemResponse putItem(PutItemRequest request) {
        commit(put(
                request.tableName(),
                request.item(),
                request.conditionExpression(),
                request.expressionAttributeNames(),
                request.expressionAttributeValues(),
                request.returnValuesOnConditionCheckFailure()));
        return PutItemResponse.builder().build();
    }

    @Override
    public synchronized DeleteItemResponse deleteItem(DeleteItemRequest request) {
        Map<String, AttributeValue> before = item(request.tableName(), keyOf(request.tableName(), request.key()));
        commit(delete(
                request.tableName(),
                request.key(),
                request.conditionExpression(),
                request.expressionAttributeNames(),
                request.expressionAttributeValues(),
                request.returnValuesOnConditionCheckFailure()));
        DeleteItemResponse.Builder response = DeleteItemResponse.builder();
        return request.returnValues() == ReturnValue.ALL_OLD
                ? response.attributes(before).build()
                : response.build();
    }

    @Override
    public synchronized UpdateItemResponse updateItem(UpdateItemRequest request) {
        String key = keyOf(request.tableName(), request.key());
        Map<String, AttributeValue> before = item(request.tableName(), key);
        commit(update(
                request.tableName(),
                request.key(),
                request.updateExpression(),
                request.conditionExpression(),
                request.expressionAttributeNames(),
                request.expressionAttributeValues(),
                request.returnValuesOnConditionCheckFailure()));
        Map<String, AttributeValue> after = item(request.tableName(), key);
        UpdateItemResponse.Builder response = UpdateItemResponse.builder();
        if (request.returnValues() == ReturnValue.ALL_NEW) {
            response.attributes(after);
        } else if (request.returnValues() == ReturnValue.UPDATED_OLD) {
            Map<String, AttributeValue> replaced = new HashMap<>(before);
            replaced.entrySet().removeAll(after.entrySet());
            if (!replaced.isEmpty()) {
                response.attributes(replaced);
            }
        }
        return response.build();
    }

    /** Prepares and commits at once; {@link FaultyDynamoDb} lets time pass in between. */
    @Override
    public synchronized TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        commit(prepare(request));
        return TransactWriteItemsResponse.builder().build();
    }

    /** A prepared transaction; without parts if its token was used before. */
    record Prepared(TransactWriteItemsRequest request, List<Part> parts) {}

    /**
     * The first phase of a transaction: other writes of its items conflict until {@link #commit} is called.
     *
     * @throws TransactionCanceledException if one of its items is held or written too often, or its condition fails
     */
    synchronized Prepared prepare(TransactWriteItemsRequest request) {
        String token = request.clientRequestToken();
        Remembered remembered = token == null ? null : tokens.get(token);
        if (remembered != null && remembered.at().plus(TOKEN_MEMORY).isAfter(clock.get())) {
            if (!remembered.request().equals(request)) {
                throw IdempotentParameterMismatchException.builder()
                        .message("The token was used with other parameters")
                        .statusCode(400)
                        .build();
            }
            return new Prepared(request, List.of());
        }
        if (token != null && inProgress.contains(token)) {
            throw TransactionInProgressException.builder()
                    .message("The transaction with the token is in progress")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("TransactionInProgressException")
                            .build())
                    .statusCode(400)
                    .build();
        }
        List<Part> parts = new ArrayList<>();
        for (TransactWriteItem item : request.transactItems()) {
            parts.add(part(item));
        }
        cancelUnlessAllMayBeWritten(parts);
        parts.forEach(part -> contention.hold(part.table(), part.key()));
        if (token != null) {
            inProgress.add(token);
        }
        return new Prepared(request, parts);
    }

    /** The second phase: makes the changes visible and releases the items. */
    synchronized void commit(Prepared transaction) {
        String token = transaction.request().clientRequestToken();
        if (transaction.parts().isEmpty()) {
            return;
        }
        List<@Nullable Map<String, AttributeValue>> results = new ArrayList<>();
        transaction.parts().forEach(part -> results.add(part.after().get()));
        for (int i = 0; i < results.size(); i++) {
            Part part = transaction.parts().get(i);
            put(part.table(), part.key(), results.get(i));
            contention.release(part.table(), part.key());
        }
        if (token != null) {
            inProgress.remove(token);
            tokens.put(token, new Remembered(transaction.request(), clock.get()));
        }
        listener.committed();
    }

    /** Returns the number of conflicts with items that another transaction held. */
    Contention contention() {
        return contention;
    }

    private Part part(TransactWriteItem item) {
        if (item.put() != null) {
            return put(
                    item.put().tableName(),
                    item.put().item(),
                    item.put().conditionExpression(),
                    item.put().expressionAttributeNames(),
                    item.put().expressionAttributeValues(),
                    item.put().returnValuesOnConditionCheckFailure());
        }
        if (item.delete() != null) {
            return delete(
                    item.delete().tableName(),
                    item.delete().key(),
                    item.delete().conditionExpression(),
                    item.delete().expressionAttributeNames(),
                    item.delete().expressionAttributeValues(),
                    item.delete().returnValuesOnConditionCheckFailure());
        }
        if (item.update() != null) {
            return update(
                    item.update().tableName(),
                    item.update().key(),
                    item.update().updateExpression(),
                    item.update().conditionExpression(),
                    item.update().expressionAttributeNames(),
                    item.update().expressionAttributeValues(),
                    item.update().returnValuesOnConditionCheckFailure());
        }
        String table = item.conditionCheck().tableName();
        String key = keyOf(table, item.conditionCheck().key());
        return new Part(
                table,
                key,
                item.conditionCheck().conditionExpression(),
                item.conditionCheck().expressionAttributeNames(),
                item.conditionCheck().expressionAttributeValues(),
                shows(item.conditionCheck().returnValuesOnConditionCheckFailure()),
                () -> table(table).items.get(key));
    }

    private Part put(
            String table,
            Map<String, AttributeValue> item,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            ReturnValuesOnConditionCheckFailure failure) {
        String key = keyOf(table, Map.of(table(table).keyName, item.get(table(table).keyName)));
        return new Part(table, key, condition, names, values, shows(failure), () -> item);
    }

    private Part delete(
            String table,
            Map<String, AttributeValue> key,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            ReturnValuesOnConditionCheckFailure failure) {
        return new Part(table, keyOf(table, key), condition, names, values, shows(failure), () -> null);
    }

    private Part update(
            String table,
            Map<String, AttributeValue> keyMap,
            String expression,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            ReturnValuesOnConditionCheckFailure failure) {
        String key = keyOf(table, keyMap);
        return new Part(table, key, condition, names, values, shows(failure), () -> {
            Map<String, AttributeValue> before = item(table, key);
            Map<String, AttributeValue> result = Expressions.copy(before);
            result.putAll(keyMap);
            Expressions.update(expression).apply(new Expressions.Scope(before, names, values), result);
            return result;
        });
    }

    private static boolean shows(ReturnValuesOnConditionCheckFailure failure) {
        return failure == ReturnValuesOnConditionCheckFailure.ALL_OLD;
    }

    private boolean holds(Part part) {
        Map<String, AttributeValue> item = item(part.table(), part.key());
        return Expressions.condition(part.condition()).holds(new Expressions.Scope(item, part.names(), part.values()));
    }

    private void commit(Part part) {
        if (contention.meetsAnother(part.table(), part.key())) {
            throw TransactionConflictException.builder()
                    .message("Transaction is ongoing for the item")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("TransactionConflictException")
                            .build())
                    .statusCode(400)
                    .build();
        }
        if (!contention.mayWrite(part.table(), part.key(), Contention.PLAIN_UNITS)) {
            throw ProvisionedThroughputExceededException.builder()
                    .message("The item is written too often")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("ProvisionedThroughputExceededException")
                            .build())
                    .statusCode(400)
                    .build();
        }
        if (!holds(part)) {
            Map<String, AttributeValue> item = item(part.table(), part.key());
            ConditionalCheckFailedException.Builder failure = ConditionalCheckFailedException.builder()
                    .message("The conditional request failed")
                    .statusCode(400);
            throw part.showsTheFailed() && !item.isEmpty() ? failure.item(item).build() : failure.build();
        }
        put(part.table(), part.key(), part.after().get());
        listener.committed();
    }

    private void cancelUnlessAllMayBeWritten(List<Part> parts) {
        Set<List<String>> keys = new HashSet<>();
        parts.forEach(part -> keys.add(List.of(part.table(), part.key())));
        if (keys.size() < parts.size() || parts.size() > 100) {
            throw Expressions.invalid(
                    "Transaction request cannot include multiple operations on one item, or more than 100");
        }
        List<CancellationReason> reasons = new ArrayList<>();
        for (Part part : parts) {
            reasons.add(reason(part));
        }
        if (reasons.stream().anyMatch(reason -> !reason.code().equals("None"))) {
            throw TransactionCanceledException.builder()
                    .message("Transaction cancelled")
                    .cancellationReasons(reasons)
                    .statusCode(400)
                    .build();
        }
    }

    private CancellationReason reason(Part part) {
        if (contention.meetsAnother(part.table(), part.key())) {
            return CancellationReason.builder().code("TransactionConflict").build();
        }
        if (!contention.mayWrite(part.table(), part.key(), Contention.TRANSACTIONAL_UNITS)) {
            return CancellationReason.builder().code("ThrottlingError").build();
        }
        if (holds(part)) {
            return CancellationReason.builder().code("None").build();
        }
        CancellationReason.Builder reason = CancellationReason.builder().code("ConditionalCheckFailed");
        return part.showsTheFailed()
                ? reason.item(item(part.table(), part.key())).build()
                : reason.build();
    }

    private void put(String table, String key, @Nullable Map<String, AttributeValue> after) {
        NavigableMap<String, Map<String, AttributeValue>> items = table(table).items;
        Map<String, AttributeValue> before = items.get(key);
        table(table).set(key, after);
        if (before == null ? after != null : !before.equals(after)) {
            past.addLast(new Past(clock.get(), table(table), key, before));
            while (past.getFirst().until().isBefore(clock.get().minus(LAG))) {
                past.removeFirst();
            }
            listener.changed(table, key, before, after);
        }
    }

    @Override
    public synchronized ScanResponse scan(ScanRequest request) {
        Table table = table(request.tableName());
        int segments = request.totalSegments() == null ? 1 : request.totalSegments();
        int segment = request.segment() == null ? 0 : request.segment();
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        String last = null;
        int evaluated = 0;
        for (Map.Entry<String, Map<String, AttributeValue>> entry :
                after(table, request.exclusiveStartKey()).entrySet()) {
            if (Math.floorMod(entry.getKey().hashCode(), segments) != segment) {
                continue;
            }
            if (holds(request.filterExpression(), entry.getValue(), request)) {
                found.add(entry.getValue());
            }
            if (request.limit() != null && ++evaluated == request.limit()) {
                last = entry.getKey();
                break;
            }
        }
        ScanResponse.Builder response = ScanResponse.builder().items(found).count(found.size());
        return last == null
                ? response.build()
                : response.lastEvaluatedKey(Map.of(table.keyName, AttributeValue.fromS(last)))
                        .build();
    }

    private static boolean holds(String filter, Map<String, AttributeValue> item, ScanRequest request) {
        return Expressions.condition(filter)
                .holds(new Expressions.Scope(
                        item, request.expressionAttributeNames(), request.expressionAttributeValues()));
    }

    /** Queries an index: its key condition is applied as a filter, in the order of the table's keys. */
    @Override
    public synchronized QueryResponse query(QueryRequest request) {
        Table table = table(request.tableName());
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        Map<String, AttributeValue> last = null;
        int evaluated = 0;
        for (Map<String, AttributeValue> item :
                after(table, request.exclusiveStartKey()).values()) {
            Expressions.Scope scope = new Expressions.Scope(
                    item, request.expressionAttributeNames(), request.expressionAttributeValues());
            if (!Expressions.condition(request.keyConditionExpression()).holds(scope)) {
                continue;
            }
            if (Expressions.condition(request.filterExpression()).holds(scope)) {
                found.add(item);
            }
            if (request.limit() != null && ++evaluated == request.limit()) {
                last = item;
                break;
            }
        }
        QueryResponse.Builder response = QueryResponse.builder().items(found).count(found.size());
        return last == null
                ? response.build()
                : response.lastEvaluatedKey(Map.of(
                                table.keyName,
                                last.get(table.keyName),
                                "counterId",
                                last.get("counterId"),
                                "connectedAt",
                                last.get("connectedAt")))
                        .build();
    }

    private static NavigableMap<String, Map<String, AttributeValue>> after(
            Table table, Map<String, AttributeValue> startKey) {
        AttributeValue start = startKey == null ? null : startKey.get(table.keyName);
        return start == null ? table.items : table.items.tailMap(start.s(), false);
    }

    private Table table(String name) {
        Table table = tables.get(name);
        if (table == null) {
            throw new IllegalStateException("There is no table " + name);
        }
        return table;
    }

    private Map<String, AttributeValue> item(String table, String key) {
        return table(table).items.getOrDefault(key, Map.of());
    }

    private String keyOf(String table, Map<String, AttributeValue> key) {
        AttributeValue value = key.get(table(table).keyName);
        if (value == null || key.size() != 1) {
            throw Expressions.invalid("The provided key element does not match the schema");
        }
        return value.s();
    }
}
