package io.github.visitorcounter.internal;

import io.github.visitorcounter.BroadcastPorts;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.internal.aws.ApiGatewayPoster;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.EmbeddedMetrics;
import io.github.visitorcounter.internal.aws.LambdaSegmentInvoker;
import io.github.visitorcounter.internal.broadcast.BroadcastMetrics;
import io.github.visitorcounter.internal.dynamodb.DynamoDbConnectionStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbLeaseStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbWakeUps;
import io.github.visitorcounter.internal.lambda.DaemonThreads;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

import java.net.URI;
import java.util.concurrent.Executor;

/** What the broadcasting function works with on AWS. */
public final class AwsBroadcastPorts {

    private AwsBroadcastPorts() {}

    /**
     * Creates the ports, with clients of their own.
     *
     * @param config the settings
     * @param callbackUrl where to post
     * @return the ports
     */
    public static BroadcastPorts create(VisitorCounterConfig config, URI callbackUrl) {
        DynamoDbClient dynamoDb = AwsClients.dynamoDb();
        LambdaClient lambda = AwsClients.lambda();
        Executor waiters = DaemonThreads.many("visitor-counter-segment");
        return new BroadcastPorts(
                new DynamoDbConnectionStore(
                        dynamoDb,
                        config.get(Setting.CONNECTIONS_TABLE),
                        config.find(Setting.COUNTER_INDEX).orElse(null)),
                new DynamoDbCounterStore(dynamoDb, config),
                new DynamoDbLeaseStore(dynamoDb, config.get(Setting.COUNTERS_TABLE)),
                new DynamoDbWakeUps(dynamoDb, config.get(Setting.COUNTERS_TABLE)),
                new ApiGatewayPoster(AwsClients.connections(
                        callbackUrl, config.get(Setting.POST_CONCURRENCY), config.get(Setting.POST_TIMEOUT))),
                function -> new LambdaSegmentInvoker(lambda, function, waiters),
                metrics(config));
    }

    private static BroadcastMetrics metrics(VisitorCounterConfig config) {
        String namespace = config.find(Setting.METRICS_NAMESPACE).orElse(null);
        return namespace == null
                ? BroadcastMetrics.NONE
                : new EmbeddedMetrics(
                        namespace, config.get(Setting.ALLOWED_COUNTERS), TimeSource.system(), System.out::println);
    }
}
