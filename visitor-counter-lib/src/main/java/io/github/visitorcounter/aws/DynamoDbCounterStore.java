package io.github.visitorcounter.aws;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts in two tables, each change in one transaction: a connection's row and its counter change together or not at all, and
 * the row's existence says whether the connection is counted. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">DynamoDB
 *     transactions</a>
 */
public final class DynamoDbCounterStore implements CounterStore {

    /** A transaction may have 100 parts; the counter is one. */
    private static final int MOST_ROWS = 99;

    /** Where the row stands in the transaction of an arrival. */
    private static final int ROW_PART = 0;

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";

    private final DynamoDbClient client;
    private final Transactions transactions;
    private final String countTable;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#dynamoDb} makes it
     * @param connectionsTable the name or ARN of the table of connections
     * @param countTable the name or ARN of the table of counters
     */
    public DynamoDbCounterStore(DynamoDbClient client, String connectionsTable, String countTable) {
        this.client = client;
        this.countTable = countTable;
        this.transactions = new Transactions(connectionsTable, countTable);
        this.retry = AwsRetries.standard(DynamoDbCounterStore::mayPass);
    }

    @Override
    public void arrive(Connection connection, Deadline deadline) {
        try {
            write(transactions.arrival(connection), deadline);
        } catch (TransactionCanceledException cancelled) {
            if (!failedConditions(cancelled).contains(ROW_PART)) {
                throw cancelled;
            }
            // The row exists: it has been counted before.
        } catch (IdempotentParameterMismatchException otherwiseDescribed) {
            // It has been counted before: with this connection's token, but another time or lifetime.
        }
    }

    /** Does what {@link #arrive} does, but for writing. */
    void rehearseArrival(Connection connection, Deadline deadline) {
        try {
            write(transactions.impossibleArrival(connection), deadline);
        } catch (TransactionCanceledException asItShould) {
            // Nothing is written.
        }
    }

    @Override
    public int leave(String counterId, Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        int left = 0;
        List<String> distinct = new ArrayList<>(new TreeSet<>(connectionIds));
        for (int from = 0; from < distinct.size(); from += MOST_ROWS) {
            List<String> batch = distinct.subList(from, Math.min(from + MOST_ROWS, distinct.size()));
            left += leaveTogether(new Transactions.Leave(counterId, batch, change, at, false), deadline);
        }
        return left;
    }

    /** Removes the rows of a batch that are still there: whenever the transaction finds some missing, it goes on without those. */
    private int leaveTogether(Transactions.Leave leave, Deadline deadline) {
        while (!leave.connectionIds().isEmpty()) {
            try {
                write(transactions.departure(leave), deadline);
                return leave.connectionIds().size();
            } catch (TransactionCanceledException cancelled) {
                leave = withoutTheFailed(leave, failedConditions(cancelled), cancelled);
            } catch (IdempotentParameterMismatchException otherwiseDescribed) {
                return 0;
            }
        }
        return 0;
    }

    private static Transactions.Leave withoutTheFailed(
            Transactions.Leave leave, Set<Integer> failed, TransactionCanceledException cancelled) {
        int counterPart = leave.connectionIds().size();
        if (failed.isEmpty()) {
            throw cancelled;
        }
        if (failed.contains(counterPart) && failed.size() == 1) {
            // Fewer are counted than rows exist: the counter was lost or edited. It must not fall below zero.
            return leave.towards(!leave.toZero());
        }
        List<String> remaining = new ArrayList<>();
        for (int part = 0; part < counterPart; part++) {
            if (!failed.contains(part)) {
                remaining.add(leave.connectionIds().get(part));
            }
        }
        return leave.of(remaining);
    }

    @Override
    public void touch(String counterId, Instant at, Deadline deadline) {
        UpdateItemRequest request = UpdateItemRequest.builder()
                .tableName(countTable)
                .key(CountItem.key(counterId))
                .updateExpression("SET #lastChange = :change, #updatedAt = :at")
                .conditionExpression("attribute_exists(#version)")
                .expressionAttributeNames(Map.of(
                        "#lastChange", CountItem.LAST_CHANGE,
                        "#updatedAt", CountItem.UPDATED_AT,
                        "#version", CountItem.VERSION))
                .expressionAttributeValues(Map.of(
                        ":change", ConnectionItem.text(Change.PACE.name()),
                        ":at", ConnectionItem.number(at.toEpochMilli())))
                .build();
        try {
            retry.call("Touching a counter of " + countTable, deadline, () -> client.updateItem(request));
        } catch (ConditionalCheckFailedException noSuchCounter) {
            // There is nothing to tell.
        }
    }

    @Override
    public VisitorCount read(String counterId, Deadline deadline) {
        Map<String, AttributeValue> item =
                retry.call("Reading a counter of " + countTable, deadline, () -> client.getItem(
                                request -> request.tableName(countTable)
                                        .key(CountItem.key(counterId))
                                        .consistentRead(true))
                        .item());
        return CountItem.count(counterId, item);
    }

    private void write(TransactWriteItemsRequest request, Deadline deadline) {
        retry.call("Counting in " + countTable, deadline, () -> client.transactWriteItems(request));
    }

    /** A failed condition is an answer; a conflict with another transaction, or throttling of a part, is not. */
    private static boolean mayPass(RuntimeException failure) {
        if (failure instanceof TransactionCanceledException cancelled) {
            return failedConditions(cancelled).isEmpty();
        }
        return AwsFailures.isTransient(failure);
    }

    private static Set<Integer> failedConditions(TransactionCanceledException cancelled) {
        Set<Integer> failed = new TreeSet<>();
        List<CancellationReason> reasons = cancelled.cancellationReasons();
        for (int part = 0; part < reasons.size(); part++) {
            if (CONDITION_FAILED.equals(reasons.get(part).code())) {
                failed.add(part);
            }
        }
        return failed;
    }
}
