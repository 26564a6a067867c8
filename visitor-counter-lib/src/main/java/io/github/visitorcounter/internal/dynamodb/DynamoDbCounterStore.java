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
 * Counts in two tables, each change in one transaction: a connection's row, its visit and its counter change together or not at
 * all, and the row's existence says whether the connection is counted. A busy counter has several rows, see {@link CounterWriter}. What a transaction needs to know of a visit is guessed,
 * its condition tells when the guess was wrong, and the answer how it really is. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">DynamoDB
 *     transactions</a>
 */
public final class DynamoDbCounterStore implements CounterStore {

    private final String countersTable;
    private final VisitRules rules;
    private final ConnectionRows connections;
    private final ConnectTransaction arrivals;
    private final DisconnectTransaction departures;
    private final CountReader reader;
    private final CounterWriter writer;
    private final AvailableShard rooms;

    /**
     * Creates a store.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#dynamoDb} makes it
     * @param config the settings: the tables, and what counts
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
        this.arrivals = new ConnectTransaction(config.get(Setting.CONNECTIONS_TABLE), countersTable, rules, limit);
        this.departures = new DisconnectTransaction(config.get(Setting.CONNECTIONS_TABLE), countersTable, rules);
        this.reader = new CountReader(client, countersTable, timeSource);
        this.writer = new CounterWriter(
                client,
                countersTable,
                reader,
                known,
                limit.isSet() ? limit.shards() : config.get(Setting.MAX_COUNTER_SHARDS),
                timeSource);
        this.rooms = new AvailableShard(reader, limit);
    }

    @Override
    public void addConnection(Connection connection, Deadline deadline) {
        CounterWriter.Attempts attempts = writer.begin(connection.counterId(), connection.connectionId(), deadline);
        VisitStart start = VisitStart.NEW;
        while (true) {
            VisitStart guess = start;
            CancellationReasons cancellation =
                    attempts.write(row -> arrivals.request(connection, guess, row), ConnectTransaction.COUNTER);
            // A row that exists has been counted before, whatever its visit was then.
            if (cancellation == null || cancellation.failed(ConnectTransaction.ROW)) {
                return;
            }
            if (cancellation.failed(ConnectTransaction.VISIT)) {
                Visit visit = VisitItem.visit(cancellation.found(ConnectTransaction.VISIT));
                if (VisitRules.isDuplicate(connection, visit)) {
                    return;
                }
                // The arrival is another one, which may add nothing to live.
                start = different(guess, rules.start(visit, connection.connectedAt()), connection.counterId());
            } else {
                rooms.find(connection.counterId(), attempts, deadline);
            }
        }
    }

    /** Does what {@link #addConnection} does, but for writing. */
    public void rehearseArrival(Connection connection, Deadline deadline) {
        rehearse(connection, row -> arrivals.request(connection, VisitStart.NEW, row), deadline);
    }

    /** Does what {@link #removeConnections} does, but for writing. */
    public void rehearseDeparture(Connection connection, Deadline deadline) {
        connections.find(List.of(connection.connectionId()), deadline);
        DisconnectBatch.divide(connection.counterId(), List.of(connection), Change.DISCONNECT, connection.connectedAt())
                .forEach(batch -> rehearse(connection, row -> departures.request(batch, row), deadline));
    }

    private void rehearse(
            Connection connection, Function<CounterRow, TransactWriteItemsRequest> transaction, Deadline deadline) {
        writer.begin(connection.counterId(), connection.connectionId(), deadline)
                .write(row -> RejectedTransaction.of(transaction.apply(row)), ConnectTransaction.COUNTER);
    }

    @Override
    public List<Connection> removeConnections(
            Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        Map<String, List<Connection>> leaving = connections.find(connectionIds, deadline).stream()
                .collect(Collectors.groupingBy(Connection::counterId, TreeMap::new, Collectors.toList()));
        List<Connection> left = new ArrayList<>();
        leaving.forEach((counterId, theirs) -> DisconnectBatch.divide(counterId, theirs, change, at)
                .forEach(batch -> left.addAll(leaveTogether(batch, deadline))));
        return left;
    }

    private List<Connection> leaveTogether(DisconnectBatch first, Deadline deadline) {
        String choice = first.connections().get(0).connectionId();
        CounterWriter.Attempts attempts = writer.begin(first.counterId(), choice, deadline);
        DisconnectBatch batch = first;
        while (!batch.connections().isEmpty()) {
            DisconnectBatch guess = batch;
            CancellationReasons cancellation = attempts.write(
                    row -> departures.request(guess, row), guess.counterPart(), guess::mayGoOnWithoutSome);
            if (cancellation == null) {
                break;
            }
            batch = cancellation.anyFailed()
                    ? different(guess, guess.corrected(cancellation, rules), guess.counterId())
                    : guess.without(cancellation);
        }
        return batch.connections();
    }

    /** A row that fits neither guess was written by somebody else: to try the same again would never end. */
    private <T> T different(T tried, T corrected, String counterId) {
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
