package io.github.visitorcounter.aws;

import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.Change;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.Entry;
import io.github.visitorcounter.count.Visit;
import io.github.visitorcounter.count.VisitRules;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Retry;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts in two tables, each change in one transaction: a connection's row, its visit and its counter change together or not at
 * all, and the row's existence says whether the connection is counted. What a transaction needs to know of a visit is guessed,
 * its condition tells when the guess was wrong, and the answer how it really is. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html">DynamoDB
 *     transactions</a>
 */
public final class DynamoDbCounterStore implements CounterStore {

    private final DynamoDbClient client;
    private final String countTable;
    private final VisitRules rules;
    private final ConnectionRows rows;
    private final ArrivalTransaction arrivals;
    private final LeaveTransaction departures;
    private final TransactionWriter writer;
    private final Retry retry;

    /**
     * Creates a store.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#dynamoDb} makes it
     * @param config the settings: the tables, and what counts
     */
    public DynamoDbCounterStore(DynamoDbClient client, VisitorCounterConfig config) {
        this(client, config, Timekeeper.system());
    }

    DynamoDbCounterStore(DynamoDbClient client, VisitorCounterConfig config, Timekeeper timekeeper) {
        this.client = client;
        this.countTable = config.countTable();
        this.rules = new VisitRules(config.visitWindow(), config.liveCounts());
        this.rows = new ConnectionRows(client, config.connectionsTable(), timekeeper);
        this.arrivals = new ArrivalTransaction(config.connectionsTable(), countTable, rules, config.liveLimit());
        this.departures = new LeaveTransaction(config.connectionsTable(), countTable, rules);
        this.writer = new TransactionWriter(client, countTable, timekeeper);
        this.retry = AwsRetries.standard(timekeeper, AwsFailures::isTransient);
    }

    @Override
    public void arrive(Connection connection, Deadline deadline) {
        Entry entry = Entry.NEW;
        while (true) {
            try {
                writer.write(arrivals.request(connection, entry), deadline);
                return;
            } catch (TransactionCanceledException cancelled) {
                Cancellation cancellation = Cancellation.of(cancelled);
                if (cancellation.failed(ArrivalTransaction.ROW)) {
                    // It has been counted before, whatever its visit was then.
                    return;
                }
                int counter = ArrivalTransaction.counterPart(connection);
                if (cancellation.failed(counter) && !visitWasMisjudged(cancellation, counter)) {
                    throw new CounterFullException(connection.counterId());
                }
                Visit visit = VisitItem.visit(cancellation.found(ArrivalTransaction.VISIT));
                entry = different(entry, rules.entry(visit, connection.connectedAt()), cancelled);
            }
        }
    }

    /** Then the arrival is another one, which may add nothing to {@code live}. */
    private static boolean visitWasMisjudged(Cancellation cancellation, int counter) {
        return counter > ArrivalTransaction.VISIT && cancellation.failed(ArrivalTransaction.VISIT);
    }

    /** Does what {@link #arrive} does, but for writing. */
    void rehearseArrival(Connection connection, Deadline deadline) {
        rehearse(arrivals.request(connection, Entry.NEW), deadline);
    }

    /** Does what {@link #leave} does, but for writing. */
    void rehearseDeparture(Connection connection, Deadline deadline) {
        rows.find(List.of(connection.connectionId()), deadline);
        LeaveBatch.divide(connection.counterId(), List.of(connection), Change.DISCONNECT, connection.connectedAt())
                .forEach(batch -> rehearse(departures.request(batch), deadline));
    }

    private void rehearse(TransactWriteItemsRequest request, Deadline deadline) {
        try {
            writer.write(ImpossibleTransaction.of(request), deadline);
        } catch (TransactionCanceledException asItMustBe) {
            // Nothing is written.
        }
    }

    @Override
    public List<Connection> leave(Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
        Map<String, List<Connection>> leaving = rows.find(connectionIds, deadline).stream()
                .collect(Collectors.groupingBy(Connection::counterId, TreeMap::new, Collectors.toList()));
        List<Connection> left = new ArrayList<>();
        leaving.forEach((counterId, connections) -> LeaveBatch.divide(counterId, connections, change, at)
                .forEach(batch -> left.addAll(leaveTogether(batch, deadline))));
        return left;
    }

    private List<Connection> leaveTogether(LeaveBatch first, Deadline deadline) {
        LeaveBatch batch = first;
        while (!batch.connections().isEmpty()) {
            try {
                writer.write(departures.request(batch), deadline);
                break;
            } catch (TransactionCanceledException cancelled) {
                batch = different(batch, batch.corrected(Cancellation.of(cancelled), rules), cancelled);
            }
        }
        return batch.connections();
    }

    /** A row that fits neither guess was written by somebody else: to try the same again would never end. */
    private static <T> T different(T tried, T corrected, TransactionCanceledException cancelled) {
        if (corrected.equals(tried)) {
            throw cancelled;
        }
        return corrected;
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
}
