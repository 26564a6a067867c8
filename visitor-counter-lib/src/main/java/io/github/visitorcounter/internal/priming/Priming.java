package io.github.visitorcounter.internal.priming;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.AwsFailures;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbConnectionStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
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
 * What each function practises before its snapshot: its real work, on the real tables, with what its role allows, but about a
 * connection and a counter that cannot exist. Every write is on a condition that nothing fulfils.
 */
public final class Priming {

    /** No connection and no counter is called like that: neither may contain a #. */
    static final String NOBODY = "#snapshot";

    /** Has always come at the same time, so that a repeated transaction is the same. */
    static final Connection VISITOR = Connection.opened(NOBODY, NOBODY, Instant.EPOCH, NOBODY);

    /** So often that what a first invocation runs through is compiled; a transaction takes some milliseconds. */
    private static final int ROUNDS = 20;

    private Priming() {}

    /**
     * Practises an arrival: reads an event, is rejected a transaction of the right form, and writes an answer.
     *
     * @param config the function's settings
     * @return what to do before a snapshot
     */
    public static SnapStart.Primer arrival(VisitorCounterConfig config) {
        return repeatedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                DynamoDbCounterStore counters = new DynamoDbCounterStore(client, config);
                for (int round = 0; round < ROUNDS; round++) {
                    GatewayEvents.connectRequest(SampleEvents.connect());
                    counters.primeConnect(VISITOR, deadline);
                    answer();
                }
            }
        });
    }

    /**
     * Practises a departure: reads an event, looks for the connection, is rejected a transaction, asks whether it may invoke
     * the broadcasting function, and writes an answer.
     *
     * @param config the function's settings
     * @return what to do before a snapshot
     */
    public static SnapStart.Primer departure(VisitorCounterConfig config) {
        return repeatedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                DynamoDbCounterStore counters = new DynamoDbCounterStore(client, config);
                for (int round = 0; round < ROUNDS; round++) {
                    GatewayEvents.disconnection(SampleEvents.disconnect());
                    counters.primeDisconnect(VISITOR, deadline);
                    answer();
                }
            }
            String function = config.find(Setting.BROADCAST_FUNCTION).orElse(null);
            if (function != null) {
                askToInvoke(function);
            }
        });
    }

    /**
     * Practises an answer: reads a message, looks for its connection, reads a count, and writes an answer.
     *
     * @param config the function's settings
     * @return what to do before a snapshot
     */
    public static SnapStart.Primer message(VisitorCounterConfig config) {
        return repeatedWhileDenied(deadline -> {
            try (DynamoDbClient client = AwsClients.dynamoDb(AwsClients.NO_KEEP_ALIVE)) {
                ConnectionStore connections =
                        new DynamoDbConnectionStore(client, config.get(Setting.CONNECTIONS_TABLE));
                CounterStore counters = new DynamoDbCounterStore(client, config);
                for (int round = 0; round < ROUNDS; round++) {
                    GatewayEvents.message(SampleEvents.message());
                    connections.find(NOBODY, deadline);
                    String count = MessageFormat.JSON.format(counters.read(NOBODY, deadline));
                    Responses.write(Responses.webSocket(200, Map.of(), count), OutputStream.nullOutputStream());
                }
            }
        });
    }

    /**
     * Practises a broadcast: reads a batch, tells the newest count to a connection that cannot exist, and writes an answer.
     *
     * @param config the function's settings
     * @param callbackUrl where to post
     * @return what to do before a snapshot
     */
    public static SnapStart.Primer broadcast(VisitorCounterConfig config, URI callbackUrl) {
        return repeatedWhileDenied(deadline -> {
            try (BroadcastPriming broadcast = new BroadcastPriming(config, callbackUrl)) {
                for (int round = 0; round < ROUNDS; round++) {
                    broadcast.run(deadline);
                }
            }
        });
    }

    private static SnapStart.Primer repeatedWhileDenied(SnapStart.Primer primer) {
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

    private static void askToInvoke(String function) {
        try (LambdaClient client = AwsClients.lambda(AwsClients.NO_KEEP_ALIVE)) {
            client.invoke(request -> request.functionName(function)
                    .invocationType(InvocationType.DRY_RUN)
                    .payload(SdkBytes.fromUtf8String(InvocationPayloads.direct(NOBODY))));
        }
    }

    private static void answer() throws IOException {
        Responses.write(Responses.webSocket(200, Map.of(), null), OutputStream.nullOutputStream());
    }
}
