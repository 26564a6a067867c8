package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.connection.ClientRateLimiter;
import io.github.visitorcounter.internal.connection.ConnectionStore;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbConnectionStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.lambda.ClientFrames;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Answers what a page says: the function of the routes {@code count}, {@code $default} and, where it is not answered by API
 * Gateway itself, {@code ping}.
 *
 * <p>{@code {"action":"count"}} is answered with the newest count of the connection's counter, in the words of {@link
 * VisitorCounterConfig#messageFormat()}, as a broadcast is; {@code {"action":"ping"}} with {@code {"type":"pong"}}; what {@link
 * #onMessage} does not answer, with {@code {"type":"error","message":"…","allowed":["count","ping"]}}.
 *
 * <p>The answer is the function's own: each route needs a route response ({@code RouteResponseSelectionExpression} and a
 * {@code RouteResponse}, both {@code $default}), otherwise API Gateway drops it. That takes neither a call nor a permission
 * more; the function only reads the two tables.
 *
 * <p>{@link VisitorCounterConfig#clientMessagesPerMinute()} messages of a connection are answered in a minute, then one error frame
 * says so, and the rest is not answered. Approximate: each instance of the function counts for itself, and a connection's messages
 * may meet several. API Gateway bills each message all the same, and so it bills the empty frame that it sends for a message without
 * an answer where the route has a route response. Only route throttling bounds those of all connections together: set {@code
 * ThrottlingRateLimit} and {@code ThrottlingBurstLimit} for each of these routes, as the example stacks do.
 *
 * <p>Where Lambda takes a snapshot of the function (SnapStart), the handler practises before it, unless its ports were given to it:
 * it reads a sample message, looks for a connection and a counter that cannot exist, and writes an answer. It writes nothing, calls
 * none of the methods below, uses nothing that it will use later, and takes ten seconds at most; when it fails, that is logged, and
 * the first message waits longer.
 *
 * <p>Use the class as it stands or extend it. One instance handles one message at a time, many of them one after another.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html">route
 *     responses</a>
 * @since 0.1.0
 */
public class MessageHandler implements RequestStreamHandler {

    private static final String COUNT = "count";
    private static final String PING = "ping";
    private static final List<String> ACTIONS = List.of(COUNT, PING);
    private static final int ANSWERED = 200;
    private static final int NO_MESSAGE = 400;

    private final int clientMessagesPerMinute;
    private final MessageFormat format;
    private final ConnectionStore connections;
    private final CounterStore counters;
    private final TimeSource timeSource;
    private final ClientRateLimiter rate;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong
     */
    public MessageHandler() {
        this(VisitorCounterConfig.fromEnvironment());
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     */
    protected MessageHandler(VisitorCounterConfig config) {
        this(config, AwsClients.dynamoDb());
        SnapStart.primedBy(Priming.message(config));
    }

    /**
     * Creates the handler with its own stores.
     *
     * @param config the settings
     * @param connections where connections are found
     * @param counters where visitors are counted
     */
    protected MessageHandler(VisitorCounterConfig config, ConnectionStore connections, CounterStore counters) {
        this(config, connections, counters, TimeSource.system());
    }

    private MessageHandler(VisitorCounterConfig config, DynamoDbClient client) {
        this(
                config,
                new DynamoDbConnectionStore(client, config.connectionsTable()),
                new DynamoDbCounterStore(client, config),
                TimeSource.system());
    }

    MessageHandler(
            VisitorCounterConfig config, ConnectionStore connections, CounterStore counters, TimeSource timeSource) {
        this.clientMessagesPerMinute = config.clientMessagesPerMinute();
        this.format = config.messageFormat();
        this.connections = connections;
        this.counters = counters;
        this.timeSource = timeSource;
        this.rate = new ClientRateLimiter(clientMessagesPerMinute);
    }

    /** Answers the message. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Answers a message of the site's own: any but {@code count} and {@code ping}, and only within the rate limit. A message
     * may come twice; it may come from a connection that is not counted any more. By default there are none.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged, and the page receives an error frame.
     *
     * @param message what the page says; nothing in it has been checked
     * @return the text of one WebSocket message, at most 128 KB in UTF-8; empty for no answer; null for the error frame that
     *     says which actions there are
     */
    protected @Nullable String onMessage(ClientMessage message) {
        return null;
    }

    private APIGatewayV2WebSocketResponse respond(InputStream input, Invocation invocation) throws IOException {
        ClientMessage message;
        try {
            message = GatewayEvents.message(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Rejected an event that is no message: " + invalid.getMessage());
            return Responses.webSocket(NO_MESSAGE, Map.of(), null);
        }
        String answer =
                switch (rate.next(message.connectionId(), timeSource.now())) {
                    case ANSWER -> answer(message, invocation);
                    case TELL -> tooMany(invocation);
                    case IGNORE -> null;
                };
        return Responses.webSocket(ANSWERED, Map.of(), answer == null || answer.isEmpty() ? null : answer);
    }

    private String tooMany(Invocation invocation) {
        invocation.info(
                "A connection sent more than " + clientMessagesPerMinute + " messages in a minute: the rest of the"
                        + " minute is not answered; see " + VisitorCounterConfig.CLIENT_MESSAGES_PER_MINUTE);
        return ClientFrames.error("More than " + clientMessagesPerMinute
                + " messages in a minute. Those until its end are not answered.");
    }

    private @Nullable String answer(ClientMessage message, Invocation invocation) {
        try {
            if (COUNT.equals(message.action())) {
                return count(message.connectionId(), invocation);
            }
            return PING.equals(message.action()) ? ClientFrames.PONG : own(message);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("Could not answer a message", failure);
            return ClientFrames.error("There is no answer at the moment. Try again later.");
        }
    }

    private @Nullable String count(String connectionId, Invocation invocation) {
        Connection connection = connections.find(connectionId, invocation.deadline());
        if (connection == null) {
            return ClientFrames.error("This connection is not counted any more. Connect again.");
        }
        return format.format(counters.read(connection.counterId(), invocation.deadline()));
    }

    private String own(ClientMessage message) {
        return Objects.requireNonNullElseGet(
                onMessage(message),
                () -> ClientFrames.error(
                        "A message must be a JSON object whose action is one of those allowed.", ACTIONS));
    }
}
