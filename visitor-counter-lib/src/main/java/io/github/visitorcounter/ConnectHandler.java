package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.aws.AwsClients;
import io.github.visitorcounter.aws.DynamoDbCounterStore;
import io.github.visitorcounter.connection.Admission;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.CounterStore;
import io.github.visitorcounter.count.VisitRules;
import io.github.visitorcounter.internal.GatewayEvents;
import io.github.visitorcounter.internal.InvalidEventException;
import io.github.visitorcounter.internal.Invocation;
import io.github.visitorcounter.internal.Responses;
import io.github.visitorcounter.time.Timekeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * Counts a visitor in: the function of the {@code $connect} route.
 *
 * <p>API Gateway holds the handshake until this function has answered: 200 opens the connection, anything else refuses it
 * with that status. The connection and the count are written before, in one transaction, and the stream of the count's table
 * starts the broadcast. A request that comes twice is counted once.
 *
 * <p>A page may name its visit, so that a reconnect is not a new one, and its visitor, see {@link VisitRules}.
 *
 * <p>The answers: 200; 400 for an event that is no {@code $connect} event, and for a visit or visitor id that is not 1 to 100
 * letters, digits and {@code . _ : / -}; 403 for a counter that is not among {@link
 * VisitorCounterConfig#counters()}; what {@link #admit} says; 503 when DynamoDB could not count in time. Nothing is written
 * unless the answer is 200 — except after a timeout, when the last attempt may have been carried out and its answer lost; such
 * a connection is counted out again at the next broadcast.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html">the
 *     {@code $connect} and {@code $disconnect} routes</a>
 */
public class ConnectHandler implements RequestStreamHandler {

    private static final String SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";

    private final VisitorCounterConfig config;
    private final VisitRules visits;
    private final CounterStore counters;
    private final Timekeeper timekeeper;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong
     */
    public ConnectHandler() {
        this(VisitorCounterConfig.fromEnvironment());
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     */
    protected ConnectHandler(VisitorCounterConfig config) {
        this(config, new DynamoDbCounterStore(AwsClients.dynamoDb(), config));
    }

    /**
     * Creates the handler with its own store.
     *
     * @param config the settings
     * @param counters where visitors are counted
     */
    protected ConnectHandler(VisitorCounterConfig config, CounterStore counters) {
        this(config, counters, Timekeeper.system());
    }

    ConnectHandler(VisitorCounterConfig config, CounterStore counters, Timekeeper timekeeper) {
        this.config = config;
        this.visits = new VisitRules(config.visitWindow(), config.liveCounts());
        this.counters = counters;
        this.timekeeper = timekeeper;
    }

    /** Counts the visitor in and answers the handshake. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timekeeper);
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Decides whether the visitor may connect. Runs once for each event, before anything is written; the counter has been
     * checked. By default everyone may.
     *
     * <p>When it throws, the visitor is refused with 500, nothing is written, and the exception is logged.
     *
     * @param arrival who wants to connect; a retried event comes again
     * @return the decision
     */
    protected Admission admit(Arrival arrival) {
        return Admission.accept();
    }

    /**
     * Runs after the visitor was counted and before the handshake is answered: nothing can be posted to the connection yet,
     * and the visitor waits. It runs again when the event comes again. By default it does nothing.
     *
     * <p>When it throws, the visitor is connected all the same, and the exception is logged.
     *
     * @param arrival who has been counted
     */
    protected void onConnected(Arrival arrival) {}

    private APIGatewayV2WebSocketResponse respond(InputStream input, Invocation invocation) throws IOException {
        ConnectRequest request;
        try {
            request = GatewayEvents.connectRequest(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Refused an event that is no $connect event: " + invalid.getMessage());
            return status(400);
        }
        String counterId = counterOf(request);
        if (!config.allowsCounter(counterId)) {
            invocation.info("Refused a connection: its counter is not among " + VisitorCounterConfig.COUNTERS);
            return status(403);
        }
        String visit = visits.keyOf(request);
        if (visit != null && !CounterIds.isValid(visit)) {
            invocation.warn("Refused a connection: the page's visit or visitor id " + CounterIds.ALLOWED);
            return status(400);
        }
        Arrival arrival = new Arrival(
                request, Connection.opened(request.connectionId(), counterId, request.connectedAt(), visit));
        return receive(arrival, invocation);
    }

    private String counterOf(ConnectRequest request) {
        String requested = request.requestedCounter();
        return requested == null ? config.defaultCounter() : requested;
    }

    private APIGatewayV2WebSocketResponse receive(Arrival arrival, Invocation invocation) {
        Admission admission;
        try {
            admission = admit(arrival);
        } catch (RuntimeException failure) {
            invocation.error("admit() failed; the visitor is refused", failure);
            return status(500);
        }
        if (!admission.isAccepted()) {
            return status(admission.statusCode());
        }
        try {
            counters.arrive(arrival.connection(), invocation.deadline());
        } catch (ServiceUnavailableException unavailable) {
            invocation.error("Could not count a visitor in; the visitor is refused", unavailable);
            return status(503);
        }
        try {
            onConnected(arrival);
        } catch (RuntimeException failure) {
            invocation.error("onConnected() failed; the visitor is connected all the same", failure);
        }
        String subprotocol = admission.subprotocol();
        return Responses.webSocket(200, subprotocol == null ? Map.of() : Map.of(SUBPROTOCOL_HEADER, subprotocol), null);
    }

    private static APIGatewayV2WebSocketResponse status(int statusCode) {
        return Responses.webSocket(statusCode, Map.of(), null);
    }
}
