package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.access.AccessControl;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.control.SameOriginHandler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Amazon's DynamoDB Local with its Streams, in memory, on a loopback port. Thread-safe.
 *
 * <p>Calls on items are delayed and failed as the injector says and counted by the meter, except those of {@link #client()}.
 * Transactions conflict and single items are throttled as on AWS; see the parameter {@code transactionDuration} of {@link #start}.
 * Unlike AWS: reads look strongly consistent, the throughput of whole tables is not limited, a stream has one shard, and expired
 * items go within seconds.
 *
 * @since 0.1.0
 */
public final class DynamoDbServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_THREADS = 64;
    private static final Duration CALL_ATTEMPT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    /** Clients keep connections open that nothing is said on: stopping does not wait for these. */
    private static final Duration SHUTDOWN_IDLE_TIMEOUT = Duration.ofMillis(50);

    private final Server server;
    private final DynamoDbLocal dynamoDb;
    private final URI endpoint;
    private final Region region;
    /** Whatever proxy the machine has is not for loopback. */
    private final SdkHttpClient http = UrlConnectionHttpClient.create(DynamoDbServer::withoutProxy);

    private boolean closed;

    private DynamoDbServer(Server server, DynamoDbLocal dynamoDb, URI endpoint, Region region) {
        this.server = server;
        this.dynamoDb = dynamoDb;
        this.endpoint = endpoint;
        this.region = region;
    }

    /**
     * Starts a server without tables.
     *
     * @param port the port on 127.0.0.1, or 0 for any free one
     * @param region the region of the stack's own clients, for instance {@code us-east-1}; one database serves all regions
     * @param accountId the account of the ARNs in functions' policies
     * @param transactionDuration how long a {@code TransactWriteItems} holds its items, from prepare to commit: its answer takes
     *     that long, and other transactions and writes of these items conflict meanwhile. Zero for no conflicts
     * @param access what functions may do
     * @param faults what goes wrong
     * @param meter told of every call on items
     * @return the running server
     * @throws IllegalStateException if the port is taken or the server cannot start
     */
    public static DynamoDbServer start(
            int port,
            String region,
            String accountId,
            Duration transactionDuration,
            AccessControl access,
            FaultInjector faults,
            Meter meter) {
        DynamoDbLocal dynamoDb = new DynamoDbLocal();
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("dynamodb");
        Server server = new Server(threads);
        HttpConnectionFactory http = new HttpConnectionFactory();
        http.getHttpConfiguration().setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, http);
        connector.setHost(LOOPBACK);
        connector.setPort(port);
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_TIMEOUT.toMillis());
        server.addConnector(connector);
        ItemKeys keys = new ItemKeys();
        MeteringHandler metering = new MeteringHandler(
                new CreateTableHandler(dynamoDb.handler(), keys),
                new TableAccess(region, accountId),
                access,
                faults,
                new ItemContention(transactionDuration, keys, Clock.systemUTC(), meter),
                meter);
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        try {
            connector.open();
            server.setHandler(new SameOriginHandler(metering, connector.getLocalPort()));
            server.start();
        } catch (Exception e) {
            stop(server, dynamoDb);
            throw new IllegalStateException(whyNotStarted(port, e), e);
        }
        URI endpoint = URI.create("http://" + LOOPBACK + ":" + connector.getLocalPort());
        return new DynamoDbServer(server, dynamoDb, endpoint, Region.of(region));
    }

    /** Where it listens, for instance {@code http://127.0.0.1:8000}. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * Creates tables, with their time to live.
     *
     * @param tables the tables
     * @return the ARN of each table's stream by the table's name, for the tables that have one. Their region and account are
     *     DynamoDB Local's ({@code ddblocal})
     * @throws software.amazon.awssdk.services.dynamodb.model.DynamoDbException if a table exists already or its definition is
     *     rejected
     */
    public Map<String, String> createTables(Collection<TableDefinition> tables) {
        Map<String, String> streamArns = new LinkedHashMap<>();
        try (DynamoDbClient client = client()) {
            for (TableDefinition table : tables) {
                TableDescription created = client.createTable(table.request()).tableDescription();
                enableTimeToLive(client, table.name(), table.timeToLiveAttribute());
                if (created.latestStreamArn() != null) {
                    streamArns.put(table.name(), created.latestStreamArn());
                }
            }
        }
        return Map.copyOf(streamArns);
    }

    private static void enableTimeToLive(DynamoDbClient client, String table, @Nullable String attribute) {
        if (attribute != null) {
            client.updateTimeToLive(request -> request.tableName(table)
                    .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName(attribute)));
        }
    }

    /** A new client whose calls are neither counted nor failed, for setting up and looking into tables. The caller closes it. */
    public DynamoDbClient client() {
        return configured(DynamoDbClient.builder()).build();
    }

    /** A new client for the tables' streams. The caller closes it. */
    public DynamoDbStreamsClient streamsClient() {
        return configured(DynamoDbStreamsClient.builder()).build();
    }

    private <
                    B extends
                            AwsSyncClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsClientBuilder<B, C>,
                    C>
            B configured(B builder) {
        return builder.endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(http)
                .overrideConfiguration(settings -> settings.putHeader(MeteringHandler.OWN_CALL_HEADER, "true")
                        .apiCallAttemptTimeout(CALL_ATTEMPT_TIMEOUT)
                        .apiCallTimeout(CALL_TIMEOUT));
    }

    /**
     * Stops the server and forgets its tables; calls that are still under way may be cut off. The thread of DynamoDB Local's
     * time-to-live job, if a table has one, ends up to ten seconds later.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            stop(server, dynamoDb);
            http.close();
        }
    }

    private static HttpURLConnection withoutProxy(URI uri) {
        try {
            return (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Server server, DynamoDbLocal dynamoDb) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the DynamoDB server did not stop cleanly", e);
        }
        dynamoDb.close();
    }

    private static String whyNotStarted(int port, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "Port " + port + " on " + LOOPBACK + " is taken, so DynamoDB cannot listen there:"
                        + " stop the program that uses it, or choose another port, 0 for any free one.";
            }
        }
        return "DynamoDB could not start on port " + port + ": " + failure.getMessage();
    }
}
