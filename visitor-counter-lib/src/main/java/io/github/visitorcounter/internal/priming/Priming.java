package io.github.visitorcounter.internal.priming;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbConnectionStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.lambda.BadgeParameters;
import io.github.visitorcounter.internal.lambda.CountProcessor;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
import io.github.visitorcounter.internal.lambda.HttpEvents;
import io.github.visitorcounter.internal.lambda.HttpResponse;
import io.github.visitorcounter.internal.lambda.InvocationPayloads;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.time.Deadline;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * The primers of the functions. Each runs its function's code on the real tables with the permissions of the function's
 * role, but for a connection and a counter that cannot exist. Every write has a condition that is never true.
 */
public final class Priming {

    /** The id of no connection and no counter: neither may contain a #. */
    static final String PLACEHOLDER_ID = "#snapshot";

    /** Its time is constant, so that a repeated transaction is identical. */
    static final Connection PLACEHOLDER =
            Connection.opened(PLACEHOLDER_ID, PLACEHOLDER_ID, Instant.EPOCH, PLACEHOLDER_ID);

    private static final String PLACEHOLDER_SITE_ID = "#snapshot-site";

    /** Enough repetitions for the code of a first invocation to be compiled; a transaction takes a few milliseconds. */
    private static final int REPETITIONS = 20;

    private Priming() {}

    /**
     * Primes a connect: reads an event, sends a transaction that is rejected, and writes an answer.
     *
     * @param config the function's settings
     * @return the primer
     */
    public static SnapStart.Primer connect(VisitorCounterConfig config) {
        return retriedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                DynamoDbCounterStore counters = new DynamoDbCounterStore(client, config);
                for (int i = 0; i < REPETITIONS; i++) {
                    GatewayEvents.connectRequest(SampleEvents.connect());
                    counters.primeConnect(placeholder(config), deadline);
                    answer();
                }
            }
        });
    }

    /**
     * Primes a disconnect: reads an event, reads the connection, sends a transaction that is rejected, invokes the
     * broadcasting function as a dry run, and writes an answer.
     *
     * @param config the function's settings
     * @return the primer
     */
    public static SnapStart.Primer disconnect(VisitorCounterConfig config) {
        return retriedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                DynamoDbCounterStore counters = new DynamoDbCounterStore(client, config);
                for (int i = 0; i < REPETITIONS; i++) {
                    GatewayEvents.disconnection(SampleEvents.disconnect());
                    counters.primeDisconnect(placeholder(config), deadline);
                    answer();
                }
            }
            String function = config.find(Setting.BROADCAST_FUNCTION).orElse(null);
            if (function != null) {
                dryRun(function);
            }
        });
    }

    /**
     * Primes a client message: reads an event, reads the connection, reads a count, and writes an answer.
     *
     * @param config the function's settings
     * @return the primer
     */
    public static SnapStart.Primer message(VisitorCounterConfig config) {
        return retriedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                ConnectionStore connections =
                        new DynamoDbConnectionStore(client, config.get(Setting.CONNECTIONS_TABLE));
                CounterStore counters = new DynamoDbCounterStore(client, config);
                for (int i = 0; i < REPETITIONS; i++) {
                    GatewayEvents.message(SampleEvents.message());
                    connections.find(PLACEHOLDER_ID, deadline);
                    String count = MessageFormat.JSON.format(counters.read(PLACEHOLDER_ID, deadline));
                    Responses.write(Responses.webSocket(200, Map.of(), count), OutputStream.nullOutputStream());
                }
            }
        });
    }

    /**
     * Primes a request for a count: reads an event and a count, and writes the count as JSON and as a badge.
     *
     * @param config the function's settings
     * @return the primer
     */
    public static SnapStart.Primer count(VisitorCounterConfig config) {
        return retriedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                CounterStore counters = new DynamoDbCounterStore(client, config);
                for (int i = 0; i < REPETITIONS; i++) {
                    HttpEvents.request(SampleEvents.request());
                    VisitorCount count = counters.read(PLACEHOLDER_ID, deadline);
                    answer(CountProcessor.frame(count));
                    answer(BadgeParameters.of(Map.of()).badge(count).svg());
                }
            }
        });
    }

    /**
     * Primes a broadcast: reads a batch, posts the newest count to a connection that cannot exist, and writes an
     * answer.
     *
     * @param config the function's settings
     * @param callbackUrl the address of the {@code @connections} API
     * @return the primer
     */
    public static SnapStart.Primer broadcast(VisitorCounterConfig config, URI callbackUrl) {
        return retriedWhileDenied(deadline -> {
            try (BroadcastPriming broadcast = new BroadcastPriming(config, callbackUrl)) {
                for (int i = 0; i < REPETITIONS; i++) {
                    broadcast.run(deadline);
                }
            }
        });
    }

    /** Returns a connection that is counted in as many counters as real ones. */
    private static Connection placeholder(VisitorCounterConfig config) {
        return config.find(Setting.SITE_COUNTER).isPresent()
                ? PLACEHOLDER.withSiteCounter(PLACEHOLDER_SITE_ID)
                : PLACEHOLDER;
    }

    private static SnapStart.Primer retriedWhileDenied(SnapStart.Primer primer) {
        return new SnapStart.Primer() {
            @Override
            public void prime(Deadline deadline) throws Exception {
                primer.prime(deadline);
            }

            @Override
            public boolean isDenied(Throwable failure) {
                return AwsFailures.isDenied(failure);
            }
        };
    }

    private static void dryRun(String function) {
        try (LambdaClient client = AwsClients.lambda(AwsClients.NO_KEEP_ALIVE)) {
            client.invoke(request -> request.functionName(function)
                    .invocationType(InvocationType.DRY_RUN)
                    .payload(SdkBytes.fromUtf8String(InvocationPayloads.direct(PLACEHOLDER_ID))));
        }
    }

    private static void answer(String body) throws IOException {
        Responses.write(new HttpResponse(200, Map.of(), body), OutputStream.nullOutputStream());
    }

    private static void answer() throws IOException {
        Responses.write(Responses.webSocket(200, Map.of(), null), OutputStream.nullOutputStream());
    }
}
