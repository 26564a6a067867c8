package io.github.visitorcounter.aws;

import io.github.visitorcounter.BroadcastPorts;
import io.github.visitorcounter.ReconcilePorts;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.Announcer;
import io.github.visitorcounter.broadcast.BroadcastMetrics;
import io.github.visitorcounter.broadcast.LeaseStore;
import io.github.visitorcounter.broadcast.WakeUps;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.Visit;
import io.github.visitorcounter.reconcile.ReconcileMetrics;
import io.github.visitorcounter.reconcile.ReconcileStore;
import io.github.visitorcounter.time.Timekeeper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.lambda.LambdaClient;

import java.util.Map;
import java.util.concurrent.Executor;

/** The adapters as they are, on clients and a clock of a test. */
public final class SimulatedAdapters {

    private final DynamoDbClient dynamoDb;
    private final LambdaClient lambda;
    private final Timekeeper timekeeper;
    private final int pageSize;

    public SimulatedAdapters(DynamoDbClient dynamoDb, LambdaClient lambda, Timekeeper timekeeper, int pageSize) {
        this.dynamoDb = dynamoDb;
        this.lambda = lambda;
        this.timekeeper = timekeeper;
        this.pageSize = pageSize;
    }

    /** Connections, read by an index or, when it is null, by a scan. */
    public ConnectionStore connections(@Nullable String index) {
        return new DynamoDbConnectionStore(dynamoDb, Tables.CONNECTIONS.name(), index, pageSize, timekeeper);
    }

    public CounterStore counters(VisitorCounterConfig config) {
        return new DynamoDbCounterStore(dynamoDb, config, timekeeper);
    }

    public LeaseStore leases() {
        return new DynamoDbLeaseStore(dynamoDb, Tables.COUNTS.name(), timekeeper);
    }

    public WakeUps wakeUps() {
        return new DynamoDbWakeUps(dynamoDb, Tables.COUNTS.name(), timekeeper);
    }

    public Announcer announcer(String function) {
        return new LambdaAnnouncer(lambda, function, timekeeper);
    }

    public BroadcastPorts broadcastPorts(
            VisitorCounterConfig config, ApiGatewayManagementApiAsyncClient gateway, Executor waiters) {
        return new BroadcastPorts(
                connections(config.counterIndex()),
                counters(config),
                leases(),
                wakeUps(),
                new ApiGatewayPoster(gateway),
                function -> new LambdaSegmentInvoker(lambda, function, waiters),
                BroadcastMetrics.NONE);
    }

    public ReconcileStore reconcileStore() {
        return new DynamoDbReconcileStore(
                dynamoDb, Tables.CONNECTIONS.name(), Tables.COUNTS.name(), pageSize, timekeeper);
    }

    public ReconcilePorts reconcilePorts(VisitorCounterConfig config, ApiGatewayManagementApiAsyncClient gateway) {
        return new ReconcilePorts(
                reconcileStore(),
                counters(config),
                leases(),
                wakeUps(),
                new ApiGatewayProbe(gateway),
                ReconcileMetrics.NONE);
    }

    /** The key of a visit's row. */
    public static String visitKey(String counterId, String visit) {
        return VisitItem.key(counterId, visit).values().iterator().next().s();
    }

    /** Reads a visit's row. */
    public static Visit visit(Map<String, AttributeValue> item) {
        return VisitItem.visit(item);
    }
}
