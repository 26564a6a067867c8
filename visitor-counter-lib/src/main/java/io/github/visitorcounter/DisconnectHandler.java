package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.connection.Departure;
import io.github.visitorcounter.connection.Disconnection;
import io.github.visitorcounter.internal.broadcast.BroadcastRequester;
import io.github.visitorcounter.internal.count.Change;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.LogLine;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Counts a disconnect: the function of the {@code $disconnect} route.
 *
 * <p>The connection's row, its visit and the count are changed in one transaction. If the connection was removed
 * before, by an earlier event or because it was stale or expired, nothing is changed. Then a broadcast is requested for
 * each counter in which the connection was counted: by invoking {@link Setting#BROADCAST_FUNCTION} if it is set,
 * otherwise by the stream of the table of counters. With a broadcast function, the stream's event source filter should
 * skip records whose {@code lastChange} is {@code DISCONNECT}.
 *
 * <p>Delivery of {@code $disconnect} is best effort, and API Gateway ignores the answer. If the count or the broadcast
 * request fails, the function fails, so that its error metric shows the failure.
 *
 * <p>You can use the class as it is or extend it. Threads, exceptions of hooks and SnapStart are described in the
 * {@linkplain io.github.visitorcounter package documentation}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html">the
 *     {@code $connect} and {@code $disconnect} routes</a>
 * @since 0.1.0
 */
public class DisconnectHandler implements RequestStreamHandler {

    private final HandlerPorts ports;

    /**
     * Creates the handler with the settings of the environment. Lambda calls this constructor.
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
        this(config, Ports.aws(config));
        SnapStart.prepare(clients(ports), Priming.disconnect(config));
    }

    /**
     * Creates the handler for a test.
     *
     * @param config the settings
     * @param ports the test doubles that replace AWS
     */
    protected DisconnectHandler(VisitorCounterConfig config, Ports ports) {
        this.ports = ports.unwrap();
    }

    /** Static, so that the constructor does not leak {@code this}. */
    private static Runnable clients(HandlerPorts ports) {
        return () -> {
            ports.counters();
            ports.broadcastRequester();
        };
    }

    /** Removes the connection from its counter and requests a broadcast. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, ports.timeSource());
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Runs after the connection was removed from its counter, before the broadcast is requested. It does not run for a
     * connection that was removed before, or if {@code $disconnect} is lost. By default it does nothing.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged, and the broadcast is
     * requested anyway.
     *
     * @param departure the event and the connection that was removed
     */
    protected void onDisconnected(Departure departure) {}

    private APIGatewayV2WebSocketResponse respond(InputStream input, Invocation invocation) throws IOException {
        Disconnection disconnection;
        try {
            disconnection = GatewayEvents.disconnection(input);
        } catch (InvalidEventException invalid) {
            invocation.log(
                    LogLine.warn("Ignored event").with("detail", "not a $disconnect event: " + invalid.getMessage()));
            return Responses.webSocket(400, Map.of(), null);
        }
        List<Connection> removed = ports.counters()
                .removeConnections(
                        List.of(disconnection.connectionId()),
                        Change.DISCONNECT,
                        disconnection.disconnectedAt(),
                        invocation.deadline());
        removed.forEach(connection -> requestBroadcast(new Departure(disconnection, connection), invocation));
        return Responses.webSocket(200, Map.of(), null);
    }

    private void requestBroadcast(Departure departure, Invocation invocation) {
        invocation.log(LogLine.debug("Disconnected")
                .with("counterId", departure.connection().counterId()));
        try {
            onDisconnected(departure);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.log(LogLine.error("Hook failed")
                    .with("hook", "onDisconnected")
                    .with("consequence", "the disconnect is broadcast anyway")
                    .because(failure));
        }
        BroadcastRequester requester = ports.broadcastRequester();
        if (requester != null) {
            departure
                    .connection()
                    .countedIn()
                    .forEach(counterId -> requester.request(counterId, invocation.deadline()));
        }
    }
}
