package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.Lease;
import io.github.visitorcounter.internal.connection.ClientRateLimiter;
import io.github.visitorcounter.internal.lambda.ClientFrames;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.LogLine;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.Deadline;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Answers messages of pages: the function of the routes {@code count}, {@code $default} and, where API Gateway does not
 * answer it itself, {@code ping}.
 *
 * <p>{@code {"action":"count"}} is answered with the count that all pages of the connection's counter are sent, in
 * {@link VisitorCounterConfig#messageFormat()}: that of the last broadcast, or the newest one before the first
 * broadcast; a field {@code counter} may name the connection's counter or the {@linkplain Setting#SITE_COUNTER site
 * counter}. {@code {"action":"ping"}} with {@code {"type":"pong"}}; a message that {@link #onMessage} does not answer,
 * with {@code {"type":"error","message":"…","allowed":["count","ping"]}}.
 *
 * <p>The answer is the return value of the function: each route needs a route response
 * ({@code RouteResponseSelectionExpression} and a {@code RouteResponse}, both {@code $default}), otherwise API Gateway
 * drops it. No further call or permission is needed; the function only reads the two tables.
 *
 * <p>{@link Setting#CLIENT_MESSAGES_PER_MINUTE} messages of a connection are answered in a minute. The next one is
 * answered with an error frame, and the rest of the minute is not answered. The limit is approximate: each instance of
 * the function counts separately, and the messages of a connection may reach several instances. API Gateway bills every
 * message, and also the empty frame that it sends for an unanswered message of a route with a route response. Only
 * route throttling limits the messages of all connections together: set {@code ThrottlingRateLimit} and
 * {@code ThrottlingBurstLimit} for each of these routes, as the example stacks do.
 *
 * <p>You can use the class as it is or extend it. Threads, exceptions of hooks and SnapStart are described in the
 * {@linkplain io.github.visitorcounter package documentation}.
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
    private static final String REJECTED = "Rejected message";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    private final int clientMessagesPerMinute;
    private final MessageFormat format;
    private final @Nullable String siteCounter;
    private final HandlerPorts ports;
    private final ClientRateLimiter rate;

    /**
     * Creates the handler with the settings of the environment. Lambda calls this constructor.
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
        this(config, Ports.aws(config));
        SnapStart.prepare(clients(ports), Priming.message(config));
    }

    /**
     * Creates the handler for a test.
     *
     * @param config the settings
     * @param ports the test doubles that replace AWS
     */
    protected MessageHandler(VisitorCounterConfig config, Ports ports) {
        this.clientMessagesPerMinute = config.get(Setting.CLIENT_MESSAGES_PER_MINUTE);
        this.format = config.messageFormat();
        this.siteCounter = config.find(Setting.SITE_COUNTER).orElse(null);
        this.ports = ports.unwrap();
        this.rate = new ClientRateLimiter(clientMessagesPerMinute);
    }

    /** Static, so that the constructor does not leak {@code this}. */
    private static Runnable clients(HandlerPorts ports) {
        return () -> {
            ports.connections();
            ports.counters();
            ports.leases();
        };
    }

    /** Answers the message. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, ports.timeSource());
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Answers a message whose action is not {@code count} or {@code ping}, within the rate limit. Lambda may deliver a
     * message twice, and a message may come from a connection that is no longer counted. By default no other message is
     * answered.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged, and the page receives an
     * error frame without details.
     *
     * @param message the page's message; nothing in it has been checked
     * @return the text of one WebSocket message, at most 128 KB in UTF-8; empty for no answer; null for the error frame
     *     that lists the allowed actions
     */
    protected @Nullable String onMessage(ClientMessage message) {
        return null;
    }

    private APIGatewayV2WebSocketResponse respond(InputStream input, Invocation invocation) throws IOException {
        ClientMessage message;
        try {
            message = GatewayEvents.message(input);
        } catch (InvalidEventException invalid) {
            invocation.log(LogLine.warn(REJECTED)
                    .with("status", BAD_REQUEST)
                    .with("reason", "invalid")
                    .with("detail", "not a message event: " + invalid.getMessage()));
            return Responses.webSocket(BAD_REQUEST, Map.of(), null);
        }
        String answer =
                switch (rate.next(message.connectionId(), ports.timeSource().now())) {
                    case ANSWER -> answer(message, invocation);
                    case WARN -> tooMany(invocation);
                    case DROP -> null;
                };
        return Responses.webSocket(OK, Map.of(), answer == null || answer.isEmpty() ? null : answer);
    }

    private String tooMany(Invocation invocation) {
        invocation.log(rejected("rate")
                .with(
                        "detail",
                        "a connection sent more than " + clientMessagesPerMinute
                                + " messages in a minute: the rest of the minute is not answered, see "
                                + Setting.CLIENT_MESSAGES_PER_MINUTE));
        return ClientFrames.error("More than " + clientMessagesPerMinute
                + " messages in a minute. Those until its end are not answered.");
    }

    private @Nullable String answer(ClientMessage message, Invocation invocation) {
        try {
            if (COUNT.equals(message.action())) {
                return count(message, invocation);
            }
            return PING.equals(message.action()) ? ClientFrames.PONG : custom(message, invocation);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.log(LogLine.error(REJECTED)
                    .with("status", OK)
                    .with("reason", "failed")
                    .because(failure));
            return ClientFrames.error("There is no answer at the moment. Try again later.");
        }
    }

    private @Nullable String count(ClientMessage message, Invocation invocation) {
        Connection connection = ports.connections().find(message.connectionId(), invocation.deadline());
        if (connection == null) {
            invocation.log(rejected("connection")
                    .with("detail", "the connection is not counted any more, and its page is asked to connect again"));
            return ClientFrames.error("This connection is not counted any more. Connect again.");
        }
        String requested = GatewayEvents.requestedCounter(message);
        String counterId = requested == null ? connection.counterId() : requested;
        if (!counterId.equals(connection.counterId()) && !counterId.equals(siteCounter)) {
            invocation.log(rejected("counter")
                    .with("detail", "a page can ask for its own counter and for " + Setting.SITE_COUNTER + " only"));
            return ClientFrames.error("A connection can ask for the count of its own counter and of the site only.");
        }
        return format.format(shown(counterId, invocation.deadline()));
    }

    /** Returns the count that pages show, or the newest if no pass is known. */
    private VisitorCount shown(String counterId, Deadline deadline) {
        Lease lease = ports.leases().read(counterId, deadline);
        VisitorCount newest = ports.counters().read(counterId, deadline);
        VisitorCount shown = lease.shown(newest);
        if (shown == null) {
            // A pass may have begun meanwhile, with an older count than the newest.
            shown = ports.leases().read(counterId, deadline).shown(newest);
        }
        return shown == null ? newest : shown;
    }

    private String custom(ClientMessage message, Invocation invocation) {
        String answer = onMessage(message);
        if (answer != null) {
            return answer;
        }
        invocation.log(rejected("action").with("detail", "the message has no known action"));
        return ClientFrames.error("A message must be a JSON object whose action is one of those allowed.", ACTIONS);
    }

    /** The status is that of the invocation; the page receives an error frame. */
    private static LogLine rejected(String reason) {
        return LogLine.info(REJECTED).with("status", OK).with("reason", reason);
    }
}
