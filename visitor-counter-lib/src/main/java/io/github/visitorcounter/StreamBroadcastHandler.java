package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.aws.ApiGatewayPoster;
import io.github.visitorcounter.aws.AwsClients;
import io.github.visitorcounter.aws.DynamoDbConnectionStore;
import io.github.visitorcounter.aws.DynamoDbCounterStore;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.Broadcaster;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.broadcast.Poster;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy;
import io.github.visitorcounter.connection.ConnectionStore;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.BroadcastRequest;
import io.github.visitorcounter.internal.BroadcastRequests;
import io.github.visitorcounter.internal.Invocation;
import io.github.visitorcounter.internal.Responses;
import io.github.visitorcounter.time.Backoff;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells everyone the newest count: the function behind the stream of the table of counters.
 *
 * <p>It is invoked with a batch of the stream, or directly with {@code {"counterId":"site"}} by {@link DisconnectHandler}. Any
 * number of records of a counter are one broadcast, of the count as it is now rather than as the records show it. Streams
 * deliver at least once and broadcasts may overlap: messages carry a version that only grows.
 *
 * <p>A stream's records whose broadcast failed or did not reach everyone in time are reported as failed items, and so are
 * records that are not what the table of counters sends: the event source mapping needs {@code ReportBatchItemFailures}, and a
 * limit of retries.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another; the
 * hooks run on the invocation's thread.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">partial batch
 *     responses</a>
 */
public class StreamBroadcastHandler implements RequestStreamHandler {

    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final StaleConnectionPolicy staleConnections;
    private final Broadcaster broadcaster;
    private final Timekeeper timekeeper;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@value VisitorCounterConfig#CALLBACK_URL} is missing
     */
    public StreamBroadcastHandler() {
        this(VisitorCounterConfig.fromEnvironment(VisitorCounterConfig.CALLBACK_URL));
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link VisitorCounterConfig#callbackUrl()} is null
     */
    protected StreamBroadcastHandler(VisitorCounterConfig config) {
        this(config, AwsClients.dynamoDb());
    }

    /**
     * Creates the handler with its own stores and poster.
     *
     * @param config the settings
     * @param connections who is told
     * @param counters what they are told
     * @param poster how they are told
     */
    protected StreamBroadcastHandler(
            VisitorCounterConfig config, ConnectionStore connections, CounterStore counters, Poster poster) {
        this(config, connections, counters, poster, Timekeeper.system(), pageReader());
    }

    private StreamBroadcastHandler(VisitorCounterConfig config, DynamoDbClient client) {
        this(
                config,
                new DynamoDbConnectionStore(client, config.connectionsTable()),
                new DynamoDbCounterStore(client, config.connectionsTable(), config.countTable()),
                new ApiGatewayPoster(AwsClients.connections(
                        config.requireCallbackUrl(), config.postConcurrency(), config.postTimeout())));
    }

    StreamBroadcastHandler(
            VisitorCounterConfig config,
            ConnectionStore connections,
            CounterStore counters,
            Poster poster,
            Timekeeper timekeeper,
            Executor pageReader) {
        this.staleConnections = config.staleConnections();
        this.timekeeper = timekeeper;
        Backoff backoff = new Backoff(
                FIRST_WAIT, LONGEST_WAIT, () -> ThreadLocalRandom.current().nextDouble());
        this.broadcaster = new Broadcaster(
                connections,
                counters,
                poster,
                new Broadcaster.PassSettings(config.postConcurrency(), config.handshakeGrace(), backoff),
                timekeeper,
                pageReader);
    }

    private static Executor pageReader() {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "visitor-counter-pages");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Broadcasts what changed. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timekeeper);
        BroadcastRequest request = BroadcastRequests.read(input);
        List<String> failed = List.of();
        if (request instanceof BroadcastRequest.Stream stream) {
            failed = broadcast(stream, invocation);
        } else if (request instanceof BroadcastRequest.Direct direct) {
            broadcast(direct, invocation);
        }
        Responses.write(Responses.stream(failed), output);
    }

    /**
     * Puts a count into words. Runs once for each broadcast; when it throws, that broadcast fails. By default {@link
     * MessageFormat#JSON}.
     *
     * @param count the newest count
     * @return the text of one WebSocket message; see {@link MessageFormat#format}
     */
    protected String format(VisitorCount count) {
        return MessageFormat.JSON.format(count);
    }

    /**
     * Decides about a connection that is gone. Runs once for each such connection of a broadcast; when it throws, the
     * connection stays, and the exception is logged. By default {@link VisitorCounterConfig#staleConnections()} decides.
     *
     * @param stale the connection
     * @return whether it is counted out
     */
    protected StaleConnectionPolicy.Decision onStale(StaleConnection stale) {
        return staleConnections.decide(stale);
    }

    /**
     * Runs after each broadcast, whether it reached everyone or not; not after one that failed. By default it does nothing.
     * When it throws, the exception is logged.
     *
     * @param report what was done
     */
    protected void onBroadcast(BroadcastReport report) {}

    private void broadcast(BroadcastRequest.Direct direct, Invocation invocation) {
        BroadcastReport report = broadcast(direct.counterId(), invocation);
        if (!report.complete()) {
            throw new ServiceUnavailableException(
                    "There was no time to tell everyone; Lambda invokes the function again: " + report, null);
        }
    }

    private List<String> broadcast(BroadcastRequest.Stream stream, Invocation invocation) {
        Set<String> failedCounters = new HashSet<>();
        for (String counterId : stream.counterIds()) {
            try {
                if (!broadcast(counterId, invocation).complete()) {
                    failedCounters.add(counterId);
                }
            } catch (RuntimeException failure) {
                invocation.error("Broadcasting the counter " + counterId + " failed; Lambda will try again", failure);
                failedCounters.add(counterId);
            }
        }
        stream.unreadable()
                .forEach(record -> invocation.warn("The stream record " + record.sequenceNumber()
                        + " is not what a table of counters sends: " + record.problem()));
        return stream.failedSequenceNumbers(failedCounters);
    }

    private BroadcastReport broadcast(String counterId, Invocation invocation) {
        BroadcastReport report = broadcaster.broadcast(
                counterId, this::format, stale -> decide(stale, invocation), invocation.deadline());
        invocation.info(report.toString());
        try {
            onBroadcast(report);
        } catch (RuntimeException failure) {
            invocation.error("onBroadcast() failed; the broadcast is done all the same", failure);
        }
        return report;
    }

    private StaleConnectionPolicy.Decision decide(StaleConnection stale, Invocation invocation) {
        try {
            return onStale(stale);
        } catch (RuntimeException failure) {
            invocation.error("onStale() failed; the connection stays", failure);
            return StaleConnectionPolicy.Decision.KEEP;
        }
    }
}
