package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.Connection;
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
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Answers messages of pages: the function of the routes {@code count}, {@code $default} and, where API Gateway does not answer it
 * itself, {@code ping}.
 *
 * <p>{@code {"action":"count"}} is answered with the newest count of the connection's counter, in {@link
 * VisitorCounterConfig#messageFormat()}, as a broadcast is; {@code {"action":"ping"}} with {@code {"type":"pong"}}; what {@link
 * #onMessage} does not answer, with {@code {"type":"error","message":"…","allowed":["count","ping"]}}.
 *
 * <p>The answer is the function's own: each route needs a route response ({@code RouteResponseSelectionExpression} and a
 * {@code RouteResponse}, both {@code $default}), otherwise API Gateway drops it. That takes neither a call nor a permission
 * more; the function only reads the two tables.
 *
 * <p>{@link Setting#CLIENT_MESSAGES_PER_MINUTE} messages of a connection are answered in a minute, then one error frame
 * says so, and the rest is not answered. Approximate: each instance of the function counts for itself, and a connection's messages
 * may meet several. API Gateway bills each message all the same, and so it bills the empty frame that it sends for a message without
 * an answer where the route has a route response. Only route throttling bounds those of all connections together: set {@code
 * ThrottlingRateLimit} and {@code ThrottlingBurstLimit} for each of these routes, as the example stacks do.
 *
 * <p>Use the class as it stands or extend it. For threads, for what hooks may throw, and for SnapStart see {@linkplain
 * io.github.visitorcounter the package}.
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
    private static final int ANSWERED = 200;
    private static final int NO_MESSAGE = 400;

    private final int clientMessagesPerMinute;
    private final MessageFormat format;
    private final HandlerPorts ports;
    private final ClientRateLimiter rate;

    /**
     * Creates the handler with the settings of the environment, as Lambda does.
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
     * @param ports what it works with instead of AWS
     */
    protected MessageHandler(VisitorCounterConfig config, Ports ports) {
        this.clientMessagesPerMinute = config.get(Setting.CLIENT_MESSAGES_PER_MINUTE);
        this.format = config.messageFormat();
        this.ports = ports.unwrap();
        this.rate = new ClientRateLimiter(clientMessagesPerMinute);
    }

    /** Static, so that no constructor hands out this object before it is complete. */
    private static Runnable clients(HandlerPorts ports) {
        return () -> {
            ports.connections();
            ports.counters();
        };
    }

    /** Answers the message. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, ports.timeSource());
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Answers a message whose action is not {@code count} or {@code ping}, within the rate limit. Lambda may deliver a message twice,
     * and a message may come from a connection that is not counted any more. By default no other message is answered.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged, and the page receives an error frame that says nothing of
     * it.
     *
     * @param message the page's message; nothing in it has been checked
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
            invocation.log(LogLine.warn(REJECTED)
                    .with("status", NO_MESSAGE)
                    .with("reason", "invalid")
                    .with("detail", "not a message event: " + invalid.getMessage()));
            return Responses.webSocket(NO_MESSAGE, Map.of(), null);
        }
        String answer =
                switch (rate.next(message.connectionId(), ports.timeSource().now())) {
                    case ANSWER -> answer(message, invocation);
                    case TELL -> tooMany(invocation);
                    case IGNORE -> null;
                };
        return Responses.webSocket(ANSWERED, Map.of(), answer == null || answer.isEmpty() ? null : answer);
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
                return count(message.connectionId(), invocation);
            }
            return PING.equals(message.action()) ? ClientFrames.PONG : own(message, invocation);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.log(LogLine.error(REJECTED)
                    .with("status", ANSWERED)
                    .with("reason", "failed")
                    .because(failure));
            return ClientFrames.error("There is no answer at the moment. Try again later.");
        }
    }

    private @Nullable String count(String connectionId, Invocation invocation) {
        Connection connection = ports.connections().find(connectionId, invocation.deadline());
        if (connection == null) {
            invocation.log(rejected("connection")
                    .with("detail", "the connection is not counted any more, and its page is asked to connect again"));
            return ClientFrames.error("This connection is not counted any more. Connect again.");
        }
        return format.format(ports.counters().read(connection.counterId(), invocation.deadline()));
    }

    private String own(ClientMessage message, Invocation invocation) {
        String answer = onMessage(message);
        if (answer != null) {
            return answer;
        }
        invocation.log(rejected("action").with("detail", "the message names no action that there is"));
        return ClientFrames.error("A message must be a JSON object whose action is one of those allowed.", ACTIONS);
    }

    /** The status is the invocation's: the page receives an error frame. */
    private static LogLine rejected(String reason) {
        return LogLine.info(REJECTED).with("status", ANSWERED).with("reason", reason);
    }
}
