package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.aws.ApiGatewayPoster;
import io.github.visitorcounter.internal.aws.ApiGatewayProbe;
import io.github.visitorcounter.internal.aws.LambdaBroadcastRequester;
import io.github.visitorcounter.internal.aws.LambdaSegmentInvoker;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.Visit;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.lambda.LambdaClient;

import java.util.Map;
import java.util.concurrent.Executor;

/** The real adapters, with the clients and the clock of a test. */
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

    /** Returns a store that reads by an index, or by a scan if there is none, or for the site counter. */
    public ConnectionStore connections(@Nullable String index, @Nullable String siteCounter) {
        return new DynamoDbConnectionStore(
                dynamoDb, Tables.CONNECTIONS.name(), index, siteCounter, pageSize, timeSource);
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

    public BroadcastRequester broadcastRequester(String function) {
        return new LambdaBroadcastRequester(lambda, function, timeSource);
    }

    public ReconcileStore reconcileStore() {
        return new DynamoDbReconcileStore(
                dynamoDb, Tables.CONNECTIONS.name(), Tables.COUNTS.name(), pageSize, timeSource);
    }

    /** Creates the ports of one function, which share no state with the ports of other functions. */
    public TestPorts ports(VisitorCounterConfig config, ApiGatewayManagementApiAsyncClient gateway, Executor threads) {
        return new TestPorts(
                counters(config),
                connections(
                        config.find(Setting.COUNTER_INDEX).orElse(null),
                        config.find(Setting.SITE_COUNTER).orElse(null)),
                (address, limit, at) -> true,
                NewCounterLimiter.NONE,
                null,
                leases(),
                wakeUps(),
                new ApiGatewayPoster(gateway),
                function -> new LambdaSegmentInvoker(lambda, function, threads),
                reconcileStore(),
                new ApiGatewayProbe(gateway),
                Metrics.NONE,
                timeSource,
                threads);
    }

    /** Returns the key of a visit's row. */
    public static String visitKey(String counterId, String visit) {
        return VisitItem.key(counterId, visit).values().iterator().next().s();
    }

    /** Reads a visit's row. */
    public static Visit visit(Map<String, AttributeValue> item) {
        return VisitItem.visit(item);
    }
}
