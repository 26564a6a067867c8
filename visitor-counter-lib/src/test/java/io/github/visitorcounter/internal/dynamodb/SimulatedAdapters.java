package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.BroadcastPorts;
import io.github.visitorcounter.ReconcilePorts;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.aws.ApiGatewayPoster;
import io.github.visitorcounter.internal.aws.ApiGatewayProbe;
import io.github.visitorcounter.internal.aws.LambdaBroadcastRequester;
import io.github.visitorcounter.internal.aws.LambdaSegmentInvoker;
import io.github.visitorcounter.internal.broadcast.BroadcastMetrics;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.reconcile.ReconcileMetrics;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;
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
    private final TimeSource timeSource;
    private final int pageSize;

    public SimulatedAdapters(DynamoDbClient dynamoDb, LambdaClient lambda, TimeSource timeSource, int pageSize) {
        this.dynamoDb = dynamoDb;
        this.lambda = lambda;
        this.timeSource = timeSource;
        this.pageSize = pageSize;
    }

    /** Connections, read by an index or, when it is null, by a scan. */
    public ConnectionStore connections(@Nullable String index) {
        return new DynamoDbConnectionStore(dynamoDb, Tables.CONNECTIONS.name(), index, pageSize, timeSource);
    }

    public CounterStore counters(VisitorCounterConfig config) {
        return new DynamoDbCounterStore(dynamoDb, config, timeSource);
    }

    public LeaseStore leases() {
        return new DynamoDbLeaseStore(dynamoDb, Tables.COUNTS.name(), timeSource);
    }

    public WakeUps wakeUps() {
        return new DynamoDbWakeUps(dynamoDb, Tables.COUNTS.name(), timeSource);
    }

    public BroadcastRequester announcer(String function) {
        return new LambdaBroadcastRequester(lambda, function, timeSource);
    }

    public BroadcastPorts broadcastPorts(
            VisitorCounterConfig config, ApiGatewayManagementApiAsyncClient gateway, Executor waiters) {
        return new BroadcastPorts(
                connections(config.find(Setting.COUNTER_INDEX).orElse(null)),
                counters(config),
                leases(),
                wakeUps(),
                new ApiGatewayPoster(gateway),
                function -> new LambdaSegmentInvoker(lambda, function, waiters),
                BroadcastMetrics.NONE);
    }

    public ReconcileStore reconcileStore() {
        return new DynamoDbReconcileStore(
                dynamoDb, Tables.CONNECTIONS.name(), Tables.COUNTS.name(), pageSize, timeSource);
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
