package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.aws.AwsClients;
import io.github.visitorcounter.internal.aws.EmbeddedMetrics;
import io.github.visitorcounter.internal.connection.ConnectMetrics;
import io.github.visitorcounter.internal.connection.ConnectRequestValidator;
import io.github.visitorcounter.internal.connection.IpRateLimiter;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.internal.count.CounterStore;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.dynamodb.DynamoDbCounterStore;
import io.github.visitorcounter.internal.dynamodb.DynamoDbIpRateLimiter;
import io.github.visitorcounter.internal.lambda.GatewayEvents;
import io.github.visitorcounter.internal.lambda.InvalidEventException;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;

/**
 * Counts a visitor in: the function of the {@code $connect} route.
 *
 * <p>API Gateway holds the handshake until this function has answered: 200 opens the connection, anything else rejects it
 * with that status. The connection and the count are written before, in one transaction, and the stream of the count's table
 * starts the broadcast. A request that comes twice is counted once.
 *
 * <p>A page may name its visit, so that a reconnect is not a new one, and its visitor, see {@link VisitRules}.
 *
 * <p>The answers: 200; 400 for an event that is no {@code $connect} event, whose query or headers are too long, or whose visit or
 * visitor id is not 1 to 100 letters, digits and {@code . _ : / -}; 403 for a page whose origin is not among {@link
 * VisitorCounterConfig#allowedOrigins()}, and for a counter that is not among {@link VisitorCounterConfig#counters()}; what
 * {@link #admit} says; 429 for an address that opens more than {@link VisitorCounterConfig#connectsPerIp()}, and for a
 * counter that has {@link VisitorCounterConfig#maxLive()} already; 503 when
 * DynamoDB could not count in time: attempts are repeated during the first half of {@link VisitorCounterConfig#handshakeGrace()}, and
 * the first one is made in any case. Nothing is written unless the answer is 200 — except after a timeout, when the last attempt
 * may have been carried out and its answer lost; such a connection is counted out again at the next broadcast. Each rejection is
 * one line of the log, without personal data, and with {@link VisitorCounterConfig#metricsNamespace()} one of the metric {@code
 * RejectedConnections} by {@link RejectionReason reason}.
 *
 * <p>Where Lambda takes a snapshot of the function (SnapStart), the handler practises before it, unless its ports were given to
 * it: it reads a sample event, has a transaction rejected that has the form of an arrival's, and
 * writes an answer. It writes nothing, calls none of the methods below, uses nothing that it will use later, and
 * takes ten seconds at most; when it fails, that is logged, and the first invocation is slower.
 *
 * <p>Use the class as it stands or extend it. One instance handles one request at a time, many of them one after another.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html">the
 *     {@code $connect} and {@code $disconnect} routes</a>
 * @since 0.1.0
 */
public class ConnectHandler implements RequestStreamHandler {

    private static final String SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final IpRateLimiter NO_ADDRESSES = (address, limit, at, deadline) -> true;

    private final VisitorCounterConfig config;
    private final ConnectRequestValidator door;
    private final VisitRules visits;
    private final CounterStore counters;
    private final IpRateLimiter addresses;
    private final ConnectMetrics metrics;
    private final TimeSource timeSource;

    /**
     * Creates the handler as Lambda does, from the environment.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@value VisitorCounterConfig#ALLOWED_ORIGINS} is missing
     */
    public ConnectHandler() {
        this(VisitorCounterConfig.fromEnvironment(VisitorCounterConfig.ALLOWED_ORIGINS));
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link VisitorCounterConfig#allowedOrigins()} is null
     */
    protected ConnectHandler(VisitorCounterConfig config) {
        this(config, AwsClients.dynamoDb());
        SnapStart.primedBy(Priming.arrival(config));
    }

    /**
     * Creates the handler with its own store, for settings without {@link VisitorCounterConfig#connectsPerIp()}.
     *
     * @param config the settings
     * @param counters where visitors are counted
     * @throws InvalidConfigurationException if {@link VisitorCounterConfig#allowedOrigins()} is null
     * @throws IllegalStateException if there is a limit for addresses
     */
    protected ConnectHandler(VisitorCounterConfig config, CounterStore counters) {
        this(config, counters, TimeSource.system());
    }

    /**
     * Creates the handler with its own stores.
     *
     * @param config the settings
     * @param counters where visitors are counted
     * @param addresses where arrivals of addresses are counted
     * @throws InvalidConfigurationException if {@link VisitorCounterConfig#allowedOrigins()} is null
     */
    protected ConnectHandler(VisitorCounterConfig config, CounterStore counters, IpRateLimiter addresses) {
        this(config, counters, addresses, metrics(config), TimeSource.system());
    }

    ConnectHandler(VisitorCounterConfig config, CounterStore counters, TimeSource timeSource) {
        this(config, counters, NO_ADDRESSES, metrics(config), timeSource);
        if (config.connectsPerIp() > 0) {
            throw new IllegalStateException(VisitorCounterConfig.CONNECTS_PER_IP + " is " + config.connectsPerIp()
                    + ", and nothing is given that counts them");
        }
    }

    private ConnectHandler(VisitorCounterConfig config, DynamoDbClient client) {
        this(
                config,
                new DynamoDbCounterStore(client, config),
                new DynamoDbIpRateLimiter(client, config.countersTable()),
                metrics(config),
                TimeSource.system());
    }

    private static ConnectMetrics metrics(VisitorCounterConfig config) {
        String namespace = config.metricsNamespace();
        return namespace == null
                ? ConnectMetrics.NONE
                : new EmbeddedMetrics(namespace, config.counters(), TimeSource.system(), System.out::println);
    }

    ConnectHandler(VisitorCounterConfig config, CounterStore counters, IpRateLimiter addresses, TimeSource timeSource) {
        this(config, counters, addresses, metrics(config), timeSource);
    }

    ConnectHandler(
            VisitorCounterConfig config,
            CounterStore counters,
            IpRateLimiter addresses,
            ConnectMetrics metrics,
            TimeSource timeSource) {
        this.config = config;
        this.door = new ConnectRequestValidator(config);
        this.visits = new VisitRules(config.visitTimeout(), config.countingMode());
        this.counters = counters;
        this.addresses = addresses;
        this.metrics = metrics;
        this.timeSource = timeSource;
    }

    /** Counts the visitor in and answers the handshake. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        Responses.write(respond(input, invocation), output);
    }

    /**
     * Decides whether the visitor may connect. Runs once for each event, before anything is written; sizes, the page's origin
     * and the counter have been checked, the address has not. By default everyone may.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged; the visitor is rejected with 500 and nothing is written.
     *
     * @param arrival who wants to connect; a retried event comes again
     * @return the decision
     */
    protected ConnectDecision admit(Arrival arrival) {
        return ConnectDecision.accept();
    }

    /**
     * Runs after the visitor was counted and before the handshake is answered: nothing can be posted to the connection yet,
     * and the visitor waits. It runs again when the event comes again. By default it does nothing.
     *
     * <p>Whatever it throws, except a {@link VirtualMachineError}, is logged, and the visitor is connected all the same. When it
     * ends later than {@link VisitorCounterConfig#handshakeGrace()} after the connection began, the visitor is rejected with 503: a
     * broadcast may have found that the connection was not open yet, and removed it. Its row, if it is still there, is removed as
     * that of any connection that does not exist; the visitor stays in {@code total}.
     *
     * @param arrival who has been counted
     */
    protected void onConnected(Arrival arrival) {}

    private APIGatewayV2WebSocketResponse respond(InputStream input, Invocation invocation) throws IOException {
        ConnectRequest request;
        try {
            request = GatewayEvents.connectRequest(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Rejected an event that is no $connect event: " + invalid.getMessage());
            return rejected(BAD_REQUEST, RejectionReason.INVALID);
        }
        String counterId = counterOf(request);
        String visit = visits.keyOf(request);
        ConnectRequestValidator.Rejection rejection = door.rejection(request, counterId, visit);
        if (rejection != null) {
            return reject(rejection.statusCode(), rejection.kind(), rejection.reason(), invocation);
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
        ConnectDecision admission;
        try {
            admission = admit(arrival);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("admit() failed; the visitor is rejected", failure);
            return rejected(SERVER_ERROR, RejectionReason.FAILED);
        }
        if (!admission.isAccepted()) {
            return reject(admission.statusCode(), RejectionReason.APPLICATION, "admit() decided so", invocation);
        }
        // Last before the visitor is counted, so that nothing is written for those who are rejected.
        if (comesTooOften(arrival.request(), invocation)) {
            return reject(
                    TOO_MANY,
                    RejectionReason.ADDRESS,
                    "its address has opened too many, see " + VisitorCounterConfig.CONNECTS_PER_IP,
                    invocation);
        }
        try {
            counters.addConnection(arrival.connection(), deadline(arrival, invocation));
        } catch (CounterFullException full) {
            return reject(
                    TOO_MANY,
                    RejectionReason.FULL,
                    "its counter is full, see " + VisitorCounterConfig.MAX_LIVE,
                    invocation);
        } catch (ServiceUnavailableException unavailable) {
            invocation.error("Could not count a visitor in; the visitor is rejected", unavailable);
            return rejected(UNAVAILABLE, RejectionReason.UNAVAILABLE);
        }
        boolean counted = isWithinGrace(arrival);
        try {
            onConnected(arrival);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("onConnected() failed; the visitor is connected all the same", failure);
        }
        if (counted && !isWithinGrace(arrival)) {
            invocation.warn(
                    "Rejected connection: status=503 reason=onConnected() took longer than the handshake may, see "
                            + VisitorCounterConfig.HANDSHAKE_GRACE);
            return rejected(UNAVAILABLE, RejectionReason.FAILED);
        }
        String subprotocol = admission.subprotocol();
        return Responses.webSocket(200, subprotocol == null ? Map.of() : Map.of(SUBPROTOCOL_HEADER, subprotocol), null);
    }

    private boolean isWithinGrace(Arrival arrival) {
        return !timeSource.now().isAfter(arrival.request().connectedAt().plus(config.handshakeGrace()));
    }

    /**
     * Attempts are repeated during the first half of the handshake's grace, and while the invocation has time; the other half is for
     * the last attempt and the answer. The first attempt is made in any case, however long the function took to start.
     */
    private Deadline deadline(Arrival arrival, Invocation invocation) {
        Instant latest =
                arrival.request().connectedAt().plus(config.handshakeGrace().dividedBy(2));
        return latest.isBefore(invocation.deadline().at()) ? new Deadline(latest) : invocation.deadline();
    }

    /**
     * A limit that can't be looked up does not hold: it is there for the bill, which others bound as well (the message budget,
     * API Gateway's 500 handshakes a second), and rejecting everyone would be the greater damage.
     */
    private boolean comesTooOften(ConnectRequest request, Invocation invocation) {
        int limit = config.connectsPerIp();
        if (limit == 0) {
            return false;
        }
        try {
            return !addresses.count(request.sourceIp(), limit, request.connectedAt(), invocation.deadline());
        } catch (RuntimeException failure) {
            invocation.error("Could not count an address; the visitor is let in all the same", failure);
            return false;
        }
    }

    private APIGatewayV2WebSocketResponse reject(
            int statusCode, RejectionReason kind, String reason, Invocation invocation) {
        invocation.info("Rejected a connection with " + statusCode + ": " + reason);
        return rejected(statusCode, kind);
    }

    private APIGatewayV2WebSocketResponse rejected(int statusCode, RejectionReason kind) {
        metrics.rejected(kind);
        return Responses.webSocket(statusCode, Map.of(), null);
    }
}
