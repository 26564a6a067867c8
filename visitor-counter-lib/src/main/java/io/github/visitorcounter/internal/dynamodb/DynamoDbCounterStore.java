package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts in two tables, each change in one transaction: a connection's row, its visit and its counter change together
 * or not at all. A connection is counted if and only if its row exists. A busy counter has several rows, see
 * {@link CounterWriter}. A transaction assumes the state of the visit; if the assumption is wrong, its condition fails,
 * and the next attempt uses the row that DynamoDB returns with the cancellation. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">DynamoDB
 *     transactions</a>
 */
public final class DynamoDbCounterStore implements CounterStore {

    private final String countersTable;
    private final VisitRules rules;
    private final ConnectionRows connections;
    private final ConnectTransaction connectTransaction;
    private final DisconnectTransaction disconnectTransaction;
    private final CountReader reader;
    private final CounterWriter writer;
    private final AvailableShard availableShard;

    /**
     * Creates a store.
     *
     * @param client a client with timeouts and without retries, as created by {@link AwsClients#dynamoDb}
     * @param config the settings: tables, shards, limit and rules of counting
     */
    public DynamoDbCounterStore(DynamoDbClient client, VisitorCounterConfig config) {
        this(client, config, TimeSource.system());
    }

    DynamoDbCounterStore(DynamoDbClient client, VisitorCounterConfig config, TimeSource timeSource) {
        this(client, config, new KnownShards(), timeSource);
    }

    DynamoDbCounterStore(DynamoDbClient client, VisitorCounterConfig config, KnownShards known, TimeSource timeSource) {
        MaxLive limit = new MaxLive(config.get(Setting.MAX_LIVE));
        this.countersTable = config.get(Setting.COUNTERS_TABLE);
        this.rules = new VisitRules(config.get(Setting.VISIT_TIMEOUT), config.get(Setting.COUNTING_MODE));
        this.connections = new ConnectionRows(client, config.get(Setting.CONNECTIONS_TABLE), timeSource);
        this.connectTransaction =
                new ConnectTransaction(config.get(Setting.CONNECTIONS_TABLE), countersTable, rules, limit);
        this.disconnectTransaction =
                new DisconnectTransaction(config.get(Setting.CONNECTIONS_TABLE), countersTable, rules);
        this.reader = new CountReader(client, countersTable, timeSource);
        this.writer = new CounterWriter(
                client,
                countersTable,
                reader,
                known,
                limit.isSet() ? limit.shards() : config.get(Setting.MAX_COUNTER_SHARDS),
                timeSource);
        this.availableShard = new AvailableShard(reader, limit);
    }

    @Override
    public void addConnection(Connection connection, Deadline deadline) {
        CounterWriter.Attempts attempts = writer.begin(connection.counterId(), connection.connectionId(), deadline);
        VisitStart start = VisitStart.NEW;
        while (true) {
            VisitStart guess = start;
            CancellationReasons cancellation = attempts.write(
                    row -> connectTransaction.request(connection, guess, row), ConnectTransaction.COUNTER);
            // The row exists, so the connection has been counted before.
            if (cancellation == null || cancellation.failed(ConnectTransaction.ROW)) {
                return;
            }
            if (cancellation.failed(ConnectTransaction.VISIT)) {
                Visit visit = VisitItem.visit(cancellation.found(ConnectTransaction.VISIT));
                if (VisitRules.isDuplicate(connection, visit)) {
                    return;
                }
                // The start is of another kind, which may not increase live.
                start = checkChanged(guess, rules.start(visit, connection.connectedAt()), connection.counterId());
            } else {
                availableShard.find(connection.counterId(), attempts, deadline);
            }
        }
    }

    /** Runs the code of {@link #addConnection} with a transaction that DynamoDB always rejects. */
    public void primeConnect(Connection connection, Deadline deadline) {
        prime(connection, row -> connectTransaction.request(connection, VisitStart.NEW, row), deadline);
    }

    /** Runs the code of {@link #removeConnections} with a transaction that DynamoDB always rejects. */
    public void primeDisconnect(Connection connection, Deadline deadline) {
        connections.find(List.of(connection.connectionId()), deadline);
        DisconnectBatch.divide(connection.counterId(), List.of(connection), Change.DISCONNECT, connection.connectedAt())
                .forEach(batch -> prime(connection, row -> disconnectTransaction.request(batch, row), deadline));
    }

    private void prime(
            Connection connection, Function<CounterRow, TransactWriteItemsRequest> transaction, Deadline deadline) {
        writer.begin(connection.counterId(), connection.connectionId(), deadline)
                .write(row -> RejectedTransaction.of(transaction.apply(row)), ConnectTransaction.COUNTER);
    }

    @Override
    public List<Connection> removeConnections(
            Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        Map<String, List<Connection>> byCounter = connections.find(connectionIds, deadline).stream()
                .collect(Collectors.groupingBy(Connection::counterId, TreeMap::new, Collectors.toList()));
        List<Connection> removed = new ArrayList<>();
        byCounter.forEach((counterId, ofCounter) -> DisconnectBatch.divide(counterId, ofCounter, change, at)
                .forEach(batch -> removed.addAll(remove(batch, deadline))));
        return removed;
    }

    private List<Connection> remove(DisconnectBatch first, Deadline deadline) {
        String choice = first.connections().get(0).connectionId();
        CounterWriter.Attempts attempts = writer.begin(first.counterId(), choice, deadline);
        DisconnectBatch batch = first;
        while (!batch.connections().isEmpty()) {
            DisconnectBatch guess = batch;
            CancellationReasons cancellation = attempts.write(
                    row -> disconnectTransaction.request(guess, row), guess.counterPart(), guess::canSkipConflicts);
            if (cancellation == null) {
                break;
            }
            batch = cancellation.anyFailed()
                    ? checkChanged(guess, guess.corrected(cancellation, rules), guess.counterId())
                    : guess.without(cancellation);
        }
        return batch.connections();
    }

    /** Throws if the correction changes nothing: this library did not write the row, and a retry would fail forever. */
    private <T> T checkChanged(T tried, T corrected, String counterId) {
        if (corrected.equals(tried)) {
            throw new IllegalStateException("A visit of the counter " + counterId + " in " + countersTable
                    + " has a row that this library did not write");
        }
        return corrected;
    }

    @Override
    public VisitorCount read(String counterId, Deadline deadline) {
        VisitorCount count = reader.read(counterId, deadline).count();
        return count.live() >= 0
                ? count
                : new VisitorCount(counterId, 0, count.total(), count.version(), count.updatedAt());
    }
}
