package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.access.AccessControl;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.control.SameOriginHandler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import java.net.BindException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/**
 * Amazon's DynamoDB Local with its Streams, in memory, on a loopback port. Thread-safe.
 *
 * <p>Calls on items are subject to the injected faults and counted by the meter, except those of {@link #client()}.
 * Transactions conflict and single items are throttled as on AWS; see the parameter {@code transactionDuration} of
 * {@link #start}. Unlike AWS: reads look strongly consistent, the throughput of whole tables is not limited, a stream
 * has one shard, and expired items go within seconds.
 *
 * @since 0.1.0
 */
public final class DynamoDbServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_THREADS = 64;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    /** Clients keep idle connections open; stopping does not wait for them. */
    private static final Duration SHUTDOWN_IDLE_TIMEOUT = Duration.ofMillis(50);

    private final Server server;
    private final DynamoDbLocal dynamoDb;
    private final URI endpoint;
    private final String region;

    private boolean closed;

    private DynamoDbServer(Server server, DynamoDbLocal dynamoDb, URI endpoint, String region) {
        this.server = server;
        this.dynamoDb = dynamoDb;
        this.endpoint = endpoint;
        this.region = region;
    }

    /**
     * Starts a server without tables.
     *
     * @param port the port on 127.0.0.1, or 0 for any free one
     * @param region the region of the stack's own clients, for instance {@code us-east-1}; one database serves all
     *     regions
     * @param accountId the account of the ARNs in functions' policies
     * @param transactionDuration how long a {@code TransactWriteItems} locks its items, from prepare to commit: its
     *     answer takes that long, and other transactions and writes of these items conflict meanwhile. Zero for no
     *     conflicts
     * @param access checks the access of functions
     * @param faults decides which calls fail
     * @param meter counts every call on items
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
        return new DynamoDbServer(server, dynamoDb, endpoint, region);
    }

    /** Its address, for instance {@code http://127.0.0.1:8000}. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * A new client whose calls are neither counted nor failed, for setting up and reading tables. The caller closes it.
     */
    public DynamoDbClient client() {
        return LocalClients.dynamoDb(endpoint, region);
    }

    /** A new client for the tables' streams. The caller closes it. */
    public DynamoDbStreamsClient streamsClient() {
        return LocalClients.streams(endpoint, region);
    }

    /**
     * Stops the server and discards its tables; calls in progress may be aborted. The thread of DynamoDB Local's
     * time-to-live job, if a table has one, ends up to ten seconds later.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            stop(server, dynamoDb);
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
