package io.github.visitorcounter.internal;

import io.github.visitorcounter.ReconcilePorts;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.aws.ApiGatewayProbe;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.EmbeddedMetrics;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbLeaseStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbReconcileStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbWakeUps;
import io.github.visitorcounter.internal.reconcile.ConnectionProbe;
import io.github.visitorcounter.internal.reconcile.ReconcileMetrics;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.net.URI;

/** What the reconciling function works with on AWS. */
public final class AwsReconcilePorts {

    /** As many connections to API Gateway as probes are under way at once. */
    private static final int PROBES_AT_ONCE = 20;

    private AwsReconcilePorts() {}

    /**
     * Creates the ports, with clients of their own.
     *
     * @param config the settings
     * @param callbackUrl where to ask about connections, or null to ask about none
     * @return the ports
     */
    public static ReconcilePorts create(VisitorCounterConfig config, @Nullable URI callbackUrl) {
        DynamoDbClient dynamoDb = AwsClients.dynamoDb();
        ConnectionProbe probe = callbackUrl == null
                ? ConnectionProbe.NONE
                : new ApiGatewayProbe(
                        AwsClients.connections(callbackUrl, PROBES_AT_ONCE, config.get(Setting.POST_TIMEOUT)));
        return new ReconcilePorts(
                new DynamoDbReconcileStore(
                        dynamoDb, config.get(Setting.CONNECTIONS_TABLE), config.get(Setting.COUNTERS_TABLE)),
                new DynamoDbCounterStore(dynamoDb, config),
                new DynamoDbLeaseStore(dynamoDb, config.get(Setting.COUNTERS_TABLE)),
                new DynamoDbWakeUps(dynamoDb, config.get(Setting.COUNTERS_TABLE)),
                probe,
                metrics(config));
    }

    private static ReconcileMetrics metrics(VisitorCounterConfig config) {
        String namespace = config.find(Setting.METRICS_NAMESPACE).orElse(null);
        return namespace == null
                ? ReconcileMetrics.NONE
                : new EmbeddedMetrics(
                        namespace, config.get(Setting.ALLOWED_COUNTERS), TimeSource.system(), System.out::println);
    }
}
