package io.github.visitorcounter.internal.priming;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.aws.ApiGatewayPoster;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.EmbeddedMetrics;
import io.github.visitorcounter.internal.broadcast.Broadcaster;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.FailureLog;
import io.github.visitorcounter.internal.broadcast.lease.BroadcastTrigger;
import io.github.visitorcounter.internal.broadcast.lease.FollowUp;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.PassRest;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbConnectionStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbLeaseStore;
import io.github.visitorcounter.internal.lambda.LogLine;
import io.github.visitorcounter.internal.lambda.ReportLines;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.lambda.StreamEvents;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import static io.github.visitorcounter.internal.priming.Priming.PLACEHOLDER;
import static io.github.visitorcounter.internal.priming.Priming.PLACEHOLDER_ID;

/**
 * A broadcast for priming: the real broadcaster reads the real tables and posts to the real API, for a counter whose
 * only connection cannot exist. Its lease is not written to the table. Not thread-safe.
 */
final class BroadcastPriming implements AutoCloseable {

    private final DynamoDbClient dynamoDb = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE);
    private final ApiGatewayManagementApiAsyncClient connections;
    private final UnwrittenLease lease;
    private final Broadcaster broadcaster;

    /** Formats the metrics of the broadcast and discards them. */
    private final Metrics metrics = new EmbeddedMetrics(PLACEHOLDER_ID, Set.of(), TimeSource.system(), line -> {});

    BroadcastPriming(VisitorCounterConfig config, URI callbackUrl) {
        connections = AwsClients.connections(
                callbackUrl,
                config.get(Setting.POST_CONCURRENCY),
                config.get(Setting.POST_TIMEOUT),
                AwsClients.NO_KEEP_ALIVE);
        lease = new UnwrittenLease(new DynamoDbLeaseStore(dynamoDb, config.get(Setting.COUNTERS_TABLE)));
        broadcaster = new Broadcaster(
                new Broadcaster.Settings(
                        config.get(Setting.POST_CONCURRENCY),
                        config.get(Setting.HANDSHAKE_GRACE),
                        config.get(Setting.BROADCAST_MESSAGES_PER_SECOND),
                        Duration.ZERO,
                        false,
                        config.get(Setting.FAN_OUT_THRESHOLD),
                        config.get(Setting.WATCHERS)),
                new Broadcaster.Ports(
                        new DynamoDbConnectionStore(
                                dynamoDb,
                                config.get(Setting.CONNECTIONS_TABLE),
                                config.find(Setting.COUNTER_INDEX).orElse(null),
                                config.find(Setting.SITE_COUNTER).orElse(null)),
                        new OneVisitor(new DynamoDbCounterStore(dynamoDb, config), config.get(Setting.DEFAULT_COUNTER)),
                        lease,
                        NO_WAKE_UPS,
                        new ApiGatewayPoster(connections),
                        TimeSource.system(),
                        Runnable::run));
    }

    /** Broadcasts once; returns the log line of the broadcast. */
    LogLine run(Deadline deadline) throws IOException {
        StreamEvents.read(SampleEvents.stream());
        lease.sentVersion = 0;
        BroadcastReport report = broadcaster
                .invocation(
                        MessageFormat.JSON,
                        StaleConnectionPolicy.DELETE_ON_GONE,
                        SegmentInvoker.NONE,
                        FailureLog.NONE,
                        deadline)
                .broadcast(BroadcastTrigger.stream(PLACEHOLDER_ID, PLACEHOLDER_ID, List.of(PLACEHOLDER), 1));
        metrics.record(report);
        Responses.write(Responses.stream(List.of()), OutputStream.nullOutputStream());
        return ReportLines.broadcast(report);
    }

    @Override
    public void close() {
        connections.close();
        dynamoDb.close();
    }

    /** Reads a real count and returns a count of one visitor: without visitors, the broadcaster would post nothing. */
    private record OneVisitor(CounterStore counters, String realCounter) implements CounterStore {

        @Override
        public VisitorCount read(String counterId, Deadline deadline) {
            counters.read(realCounter, deadline);
            return new VisitorCount(counterId, 1, 1, 1, Instant.EPOCH);
        }

        @Override
        public List<Connection> removeConnections(
                Collection<String> connectionIds, Change change, Instant at, Deadline deadline) {
            return counters.removeConnections(connectionIds, change, at, deadline);
        }

        @Override
        public void addConnection(Connection connection, Deadline deadline) {
            throw new UnsupportedOperationException("A broadcast adds no connections");
        }
    }

    /** A lease that is acquired without a write: it renews a lease that does not exist, which DynamoDB rejects. */
    private static final class UnwrittenLease implements LeaseStore {

        private final LeaseStore leases;
        private long sentVersion;

        UnwrittenLease(LeaseStore leases) {
            this.leases = leases;
        }

        /**
         * Reads a row that does not exist; returns the released version, because the broadcaster reads again after the
         * release.
         */
        @Override
        public Lease read(String counterId, Deadline deadline) {
            Lease lease = leases.read(counterId, deadline);
            return new Lease(lease.holder(), lease.leasedUntil(), sentVersion, lease.budget(), lease.rest(), null, 0);
        }

        @Override
        public Acquisition acquire(String counterId, AcquireRequest request, Deadline deadline) {
            leases.renew(counterId, request.holder(), request.leasedUntil(), deadline);
            return new Acquisition.Held(Lease.NEW);
        }

        @Override
        public boolean resume(String counterId, Lease own, VisitorCount count, Instant leasedUntil, Deadline deadline) {
            return false;
        }

        @Override
        public boolean renew(String counterId, String holder, Instant leasedUntil, Deadline deadline) {
            return true;
        }

        @Override
        public boolean charge(String counterId, Charge charge, Deadline deadline) {
            return true;
        }

        @Override
        public void leaveToNextPass(String counterId, Deadline deadline) {}

        @Override
        public void recordUncounted(String counterId, long uncounted, Deadline deadline) {}

        @Override
        public void release(String counterId, String holder, long version, Deadline deadline) {
            sentVersion = version;
        }

        @Override
        public void suspend(String counterId, String holder, PassRest rest, Deadline deadline) {}
    }

    private static final WakeUps NO_WAKE_UPS = new WakeUps() {
        @Override
        public Request request(String counterId, Instant now, Deadline deadline) {
            return Request.PENDING;
        }

        @Override
        public boolean isPending(String counterId, Instant now, Deadline deadline) {
            return false;
        }

        @Override
        public void clear(String counterId, Deadline deadline) {}

        @Override
        public void addFollowUp(String id, FollowUp followUp, Deadline deadline) {}
    };
}
