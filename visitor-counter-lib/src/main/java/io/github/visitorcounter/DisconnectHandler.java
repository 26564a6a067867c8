package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.Departure;
import io.github.visitorcounter.connection.Disconnection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.LambdaBroadcastRequester;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.TimeSource;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Counts a visitor out: the function of the {@code $disconnect} route.
 *
 * <p>The connection's row, its visit and the count are changed in one transaction; a connection that has left before, by an earlier event
 * or because a post found it gone, changes nothing. Then the departure is announced: by invoking {@link
 * VisitorCounterConfig#broadcastFunction()} when there is one, otherwise by the stream of the count's table. With a broadcast
 * function, let the stream's event source filter skip records whose {@code lastChange} is {@code DISCONNECT}.
 *
 * <p>AWS sends {@code $disconnect} at its best effort, and ignores the answer. When counting or announcing fails the function
 * fails, so that its error metric shows it.
 *
 * <p>Where Lambda takes a snapshot of the function (SnapStart), the handler practises before it, unless its ports were given to
 * it: it reads a sample event, looks for a connection that cannot exist, has a transaction rejected
 * that has the form of a departure's, asks Lambda whether it might invoke the broadcasting function, and writes an answer. It writes nothing, calls none of the methods below, uses nothing that it will use later, and
 * takes ten seconds at most; when it fails, that is logged, and the first invocation is slower.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html">the
 *     {@code $connect} and {@code $disconnect} routes</a>
 * @since 0.1.0
 */
public class DisconnectHandler implements RequestStreamHandler {

    private final CounterStore counters;
    private final @Nullable BroadcastRequester announcer;
    private final TimeSource timeSource;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong
     */
    public DisconnectHandler() {
        this(VisitorCounterConfig.fromEnvironment());
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     */
    protected DisconnectHandler(VisitorCounterConfig config) {
        this(new DynamoDbCounterStore(AwsClients.dynamoDb(), config), announcer(config.broadcastFunction()));
        SnapStart.primedBy(Priming.departure(config));
    }

    /**
     * Creates the handler with its own store.
     *
     * @param counters where visitors are counted
     * @param announcer asks for a broadcast; null when the stream does
     */
    protected DisconnectHandler(CounterStore counters, @Nullable BroadcastRequester announcer) {
        this(counters, announcer, TimeSource.system());
    }

    DisconnectHandler(CounterStore counters, @Nullable BroadcastRequester announcer, TimeSource timeSource) {
        this.counters = counters;
        this.announcer = announcer;
        this.timeSource = timeSource;
    }

    private static @Nullable BroadcastRequester announcer(@Nullable String function) {
        return function == null ? null : new LambdaBroadcastRequester(AwsClients.lambda(), function);
    }

    /** Counts the visitor out and announces it. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Runs after the visitor was counted out, before the departure is announced. It does not run for a connection that had
     * been counted out before, nor when {@code $disconnect} is lost. By default it does nothing.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged, and the departure is announced all the same.
     *
     * @param departure who has left
     */
    protected void onDisconnected(Departure departure) {}

    private APIGatewayV2WebSocketResponse respond(InputStream input, Invocation invocation) throws IOException {
        Disconnection disconnection;
        try {
            disconnection = GatewayEvents.disconnection(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Ignored an event that is no $disconnect event: " + invalid.getMessage());
            return Responses.webSocket(400, Map.of(), null);
        }
        List<Connection> left = counters.removeConnections(
                List.of(disconnection.connectionId()),
                Change.DISCONNECT,
                disconnection.disconnectedAt(),
                invocation.deadline());
        left.forEach(connection -> announce(new Departure(disconnection, connection), invocation));
        return Responses.webSocket(200, Map.of(), null);
    }

    private void announce(Departure departure, Invocation invocation) {
        try {
            onDisconnected(departure);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("onDisconnected() failed; the departure is announced all the same", failure);
        }
        if (announcer != null) {
            announcer.announce(departure.connection().counterId(), invocation.deadline());
        }
    }
}
