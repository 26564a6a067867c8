package io.github.visitorcounter.internal;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.aws.ApiGatewayPoster;
import io.github.visitorcounter.internal.aws.ApiGatewayProbe;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.EmbeddedMetrics;
import io.github.visitorcounter.internal.aws.LambdaBroadcastRequester;
import io.github.visitorcounter.internal.aws.LambdaSegmentInvoker;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.broadcast.SegmentInvoker;
import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.connection.NewCounterLimiter;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbConnectionStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbIpRateLimiter;
import io.github.visitorcounter.internal.dynamodb.DynamoDbLeaseStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbNewCounterLimiter;
import io.github.visitorcounter.internal.dynamodb.DynamoDbReconcileStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbWakeUps;
import io.github.visitorcounter.internal.lambda.DaemonThreads;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.ports.Lazy;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.reconcile.ReconcileStore;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The AWS adapters. Each is created at its first use, so that a handler can be created without a region or credentials.
 * Their clients are closed when the JVM shuts down, which Lambda does only if an extension is present: otherwise their
 * threads would outlive the function where a process runs several environments, as the embedded stack does.
 */
public final class AwsPorts implements HandlerPorts {

    /** The maximum number of concurrent probes, each of which needs an HTTP connection. */
    private static final int PROBE_CONCURRENCY = 20;

    private final VisitorCounterConfig config;
    private final TimeSource timeSource = TimeSource.system();
    private final Executor threads = DaemonThreads.many("visitor-counter");
    private final Lazy<DynamoDbClient> dynamoDb = new Lazy<>(() -> closedAtShutdown(AwsClients.dynamoDb()));
    private final Lazy<LambdaClient> lambda = new Lazy<>(() -> closedAtShutdown(AwsClients.lambda()));
    private final Lazy<CounterStore> counters;
    private final Lazy<ConnectionStore> connections;
    private final Lazy<IpRateLimiter> ipRateLimiter;
    private final Lazy<NewCounterLimiter> newCounterLimiter;
    private final Lazy<LeaseStore> leases;
    private final Lazy<WakeUps> wakeUps;
    private final Lazy<Poster> poster;
    private final Lazy<ReconcileStore> reconcileStore;
    private final Lazy<ConnectionProbe> probe;
    private final Metrics metrics;

    /**
     * Creates the ports.
     *
     * @param config the settings
     */
    public AwsPorts(VisitorCounterConfig config) {
        this.config = config;
        this.counters = new Lazy<>(() -> new DynamoDbCounterStore(dynamoDb.get(), config));
        this.connections = new Lazy<>(() -> new DynamoDbConnectionStore(
                dynamoDb.get(),
                config.get(Setting.CONNECTIONS_TABLE),
                config.find(Setting.COUNTER_INDEX).orElse(null),
                config.find(Setting.SITE_COUNTER).orElse(null)));
        this.ipRateLimiter =
                new Lazy<>(() -> new DynamoDbIpRateLimiter(dynamoDb.get(), config.get(Setting.COUNTERS_TABLE)));
        this.newCounterLimiter =
                new Lazy<>(() -> new DynamoDbNewCounterLimiter(dynamoDb.get(), config.get(Setting.COUNTERS_TABLE)));
        this.leases = new Lazy<>(() -> new DynamoDbLeaseStore(dynamoDb.get(), config.get(Setting.COUNTERS_TABLE)));
        this.wakeUps = new Lazy<>(() -> new DynamoDbWakeUps(dynamoDb.get(), config.get(Setting.COUNTERS_TABLE)));
        this.poster = new Lazy<>(() -> new ApiGatewayPoster(connections(config.get(Setting.POST_CONCURRENCY))));
        this.reconcileStore = new Lazy<>(() -> new DynamoDbReconcileStore(
                dynamoDb.get(), config.get(Setting.CONNECTIONS_TABLE), config.get(Setting.COUNTERS_TABLE)));
        this.probe = new Lazy<>(() -> new ApiGatewayProbe(connections(PROBE_CONCURRENCY)));
        this.metrics = metrics(config, timeSource);
    }

    private ApiGatewayManagementApiAsyncClient connections(int concurrency) {
        return closedAtShutdown(AwsClients.connections(
                config.get(Setting.CALLBACK_URL), concurrency, config.get(Setting.POST_TIMEOUT)));
    }

    private static <C extends SdkAutoCloseable> C closedAtShutdown(C client) {
        Runtime.getRuntime().addShutdownHook(new Thread(client::close, "visitor-counter-close"));
        return client;
    }

    private static Metrics metrics(VisitorCounterConfig config, TimeSource timeSource) {
        String namespace = config.find(Setting.METRICS_NAMESPACE).orElse(null);
        return namespace == null
                ? Metrics.NONE
                : new EmbeddedMetrics(namespace, config.get(Setting.ALLOWED_COUNTERS), timeSource, System.out::println);
    }

    @Override
    public CounterStore counters() {
        return counters.get();
    }

    @Override
    public ConnectionStore connections() {
        return connections.get();
    }

    @Override
    public IpRateLimiter ipRateLimiter() {
        return ipRateLimiter.get();
    }

    @Override
    public NewCounterLimiter newCounterLimiter() {
        return newCounterLimiter.get();
    }

    @Override
    public @Nullable BroadcastRequester broadcastRequester() {
        String function = config.find(Setting.BROADCAST_FUNCTION).orElse(null);
        return function == null ? null : new LambdaBroadcastRequester(lambda.get(), function);
    }

    @Override
    public LeaseStore leases() {
        return leases.get();
    }

    @Override
    public WakeUps wakeUps() {
        return wakeUps.get();
    }

    @Override
    public Poster poster() {
        return poster.get();
    }

    @Override
    public Function<String, SegmentInvoker> segments() {
        LambdaClient client = lambda.get();
        return function -> new LambdaSegmentInvoker(client, function, threads);
    }

    @Override
    public ReconcileStore reconcileStore() {
        return reconcileStore.get();
    }

    @Override
    public ConnectionProbe probe() {
        return config.get(Setting.RECONCILE_PROBES) == 0 ? ConnectionProbe.NONE : probe.get();
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public TimeSource timeSource() {
        return timeSource;
    }

    @Override
    public Executor threads() {
        return threads;
    }
}
