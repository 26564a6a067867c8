package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.KnownShards;
import io.github.visitorcounter.internal.count.LiveLimits;
import io.github.visitorcounter.internal.count.MaxLive;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.count.VisitStart;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        LiveLimits limits = new LiveLimits(
                config.get(Setting.MAX_LIVE), config.find(Setting.SITE_COUNTER).orElse(null));
        int maxShards = config.get(Setting.MAX_COUNTER_SHARDS);
        this.countersTable = config.get(Setting.COUNTERS_TABLE);
        this.rules = new VisitRules(config.get(Setting.VISIT_TIMEOUT), config.get(Setting.COUNTING_MODE));
        this.connections = new ConnectionRows(client, config.get(Setting.CONNECTIONS_TABLE), timeSource);
        this.connectTransaction =
                new ConnectTransaction(config.get(Setting.CONNECTIONS_TABLE), countersTable, rules, limits);
        this.disconnectTransaction =
                new DisconnectTransaction(config.get(Setting.CONNECTIONS_TABLE), countersTable, rules);
        this.reader = new CountReader(client, countersTable, timeSource);
        this.writer = new CounterWriter(
                client,
                countersTable,
                reader,
                known,
                counterId -> maxShards(limits.of(counterId), maxShards),
                timeSource);
        this.availableShard = new AvailableShard(reader, limits);
    }

    private static int maxShards(MaxLive limit, int maxShards) {
        return limit.isSet() ? limit.shards() : maxShards;
    }

    @Override
    public void addConnection(Connection connection, Deadline deadline) {
        List<String> counterIds = connection.countedIn();
        CounterWriter.Attempts attempts = writer.begin(counterIds, connection.connectionId(), deadline);
        List<VisitStart> starts = Collections.nCopies(counterIds.size(), VisitStart.NEW);
        while (true) {
            CancellationReasons cancellation = attempts.write(connectTransaction.of(connection, starts));
            // The row exists, so the connection has been counted before.
            if (cancellation == null || cancellation.failed(ConnectTransaction.ROW)) {
                return;
            }
            Map<Integer, Visit> visits = changedVisits(cancellation, counterIds.size());
            if (visits.values().stream().anyMatch(visit -> VisitRules.isDuplicate(connection, visit))) {
                return;
            }
            if (visits.isEmpty()) {
                availableShard.find(attempts, deadline);
            } else {
                // The starts are of another kind, which may not increase live.
                starts = checkChanged(starts, corrected(starts, visits, connection), connection.counterId());
            }
        }
    }

    /** Returns the visits that are not as assumed, by the place of their counter; null for a visit without a row. */
    private static Map<Integer, @Nullable Visit> changedVisits(CancellationReasons cancellation, int counters) {
        Map<Integer, @Nullable Visit> visits = new HashMap<>();
        for (int counter = 0; counter < counters; counter++) {
            int part = ConnectTransaction.visitPart(counter);
            if (cancellation.failed(part)) {
                visits.put(counter, VisitItem.visit(cancellation.found(part)));
            }
        }
        return visits;
    }

    private List<VisitStart> corrected(
            List<VisitStart> starts, Map<Integer, @Nullable Visit> visits, Connection connection) {
        List<VisitStart> corrected = new ArrayList<>(starts);
        visits.forEach((counter, visit) -> corrected.set(counter, rules.start(visit, connection.connectedAt())));
        return List.copyOf(corrected);
    }

    /** Runs the code of {@link #addConnection} with a transaction that DynamoDB always rejects. */
    public void primeConnect(Connection connection, Deadline deadline) {
        List<VisitStart> starts = Collections.nCopies(connection.countedIn().size(), VisitStart.NEW);
        prime(connection, connectTransaction.of(connection, starts), deadline);
    }

    /** Runs the code of {@link #removeConnections} with a transaction that DynamoDB always rejects. */
    public void primeDisconnect(Connection connection, Deadline deadline) {
        connections.find(List.of(connection.connectionId()), deadline);
        DisconnectBatch.divide(List.of(connection), Change.DISCONNECT, connection.connectedAt())
                .forEach(batch -> prime(connection, disconnectTransaction.of(batch), deadline));
    }

    private void prime(Connection connection, CounterTransaction transaction, Deadline deadline) {
        CounterTransaction rejected = new CounterTransaction(
                rows -> RejectedTransaction.of(transaction.request().apply(rows)), transaction.counterParts());
        writer.begin(connection.countedIn(), connection.connectionId(), deadline)
                .write(rejected);
    }

    @Override
    public List<Connection> removeConnections(
            Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        return DisconnectBatch.divide(connections.find(connectionIds, deadline), change, at).stream()
                .flatMap(batch -> remove(batch, deadline).stream())
                .toList();
    }

    private List<Connection> remove(DisconnectBatch first, Deadline deadline) {
        String choice = first.connections().get(0).connectionId();
        CounterWriter.Attempts attempts = writer.begin(first.counterIds(), choice, deadline);
        DisconnectBatch batch = first;
        while (!batch.connections().isEmpty()) {
            DisconnectBatch guess = batch;
            CancellationReasons cancellation = attempts.write(disconnectTransaction.of(guess), guess::canSkipConflicts);
            if (cancellation == null) {
                break;
            }
            batch = cancellation.anyFailed()
                    ? checkChanged(guess, guess.corrected(cancellation, rules), String.join(", ", guess.counterIds()))
                    : guess.without(cancellation);
        }
        return batch.connections();
    }

    /** Throws if the correction changes nothing: this library did not write the row, and a retry would fail forever. */
    private <T> T checkChanged(T tried, T corrected, String counterIds) {
        if (corrected.equals(tried)) {
            throw new IllegalStateException("A visit of the counter " + counterIds + " in " + countersTable
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
