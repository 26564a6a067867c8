package io.github.visitorcounter.internal.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.github.visitorcounter.CounterFullException;
import io.github.visitorcounter.ServiceUnavailableException;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.connection.ConnectRequestValidator;
import io.github.visitorcounter.internal.connection.Rejection;
import io.github.visitorcounter.internal.connection.RejectionReason;
import io.github.visitorcounter.internal.count.VisitRules;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import io.github.visitorcounter.internal.time.Deadline;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers {@code $connect} events: the request's own checks, {@code admit()}, the rate limit of its IP address, the count, {@code
 * onConnected()}, in this order, so that nothing is written for those who are rejected before.
 */
public final class ConnectProcessor {

    private static final String SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private final VisitorCounterConfig config;
    private final HandlerPorts ports;
    private final ConnectRequestValidator validator;
    private final VisitRules visits;

    /** The methods that the user's class may override. */
    public interface Hooks {

        ConnectDecision admit(Arrival arrival);

        void onConnected(Arrival arrival);
    }

    /**
     * Creates a processor.
     *
     * @param config the settings
     * @param ports what it works with; used at the first event
     * @throws io.github.visitorcounter.InvalidConfigurationException if no origins are allowed
     */
    public ConnectProcessor(VisitorCounterConfig config, HandlerPorts ports) {
        this.config = config;
        this.ports = ports;
        this.validator = new ConnectRequestValidator(config);
        this.visits = new VisitRules(config.get(Setting.VISIT_TIMEOUT), config.get(Setting.COUNTING_MODE));
    }

    /** Builds the clients that the first event would build. */
    public void buildClients() {
        ports.counters();
        ports.ipRateLimiter();
    }

    /**
     * Answers an event.
     *
     * @param input the event
     * @param hooks the user's code
     * @param invocation the invocation
     * @return the answer
     * @throws IOException if the input can't be read
     */
    public APIGatewayV2WebSocketResponse respond(InputStream input, Hooks hooks, Invocation invocation)
            throws IOException {
        ConnectRequest request;
        try {
            request = GatewayEvents.connectRequest(input);
        } catch (InvalidEventException invalid) {
            invocation.warn("Rejected an event that is no $connect event: " + invalid.getMessage());
            return rejected(BAD_REQUEST, RejectionReason.INVALID);
        }
        Arrival arrival = arrival(request);
        Optional<Rejection> rejection = validator.check(arrival);
        if (rejection.isPresent()) {
            return rejected(rejection.get(), invocation);
        }
        ConnectDecision decision;
        try {
            decision = Objects.requireNonNull(hooks.admit(arrival), "admit() returned null");
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("admit() failed; the visitor is rejected", failure);
            return rejected(SERVER_ERROR, RejectionReason.FAILED);
        }
        if (!decision.isAccepted()) {
            return rejected(
                    new Rejection(decision.statusCode(), RejectionReason.APPLICATION, "admit() decided so"),
                    invocation);
        }
        return count(arrival, hooks, invocation).orElseGet(() -> accepted(decision));
    }

    private Arrival arrival(ConnectRequest request) {
        String requested = request.requestedCounter();
        String counterId = requested == null ? config.get(Setting.DEFAULT_COUNTER) : requested;
        return new Arrival(
                request,
                Connection.opened(request.connectionId(), counterId, request.connectedAt(), visits.keyOf(request)));
    }

    /** Returns the answer to a visitor who could not be counted, or not in time; empty if the visitor is connected. */
    private Optional<APIGatewayV2WebSocketResponse> count(Arrival arrival, Hooks hooks, Invocation invocation) {
        if (isOverRateLimit(arrival.request(), invocation)) {
            return Optional.of(rejected(
                    new Rejection(
                            TOO_MANY_REQUESTS,
                            RejectionReason.ADDRESS,
                            "its address has opened too many, see " + Setting.CONNECTS_PER_IP),
                    invocation));
        }
        try {
            ports.counters().addConnection(arrival.connection(), deadline(arrival, invocation));
        } catch (CounterFullException full) {
            return Optional.of(rejected(
                    new Rejection(
                            TOO_MANY_REQUESTS, RejectionReason.FULL, "its counter is full, see " + Setting.MAX_LIVE),
                    invocation));
        } catch (ServiceUnavailableException unavailable) {
            invocation.error("Could not count a visitor in; the visitor is rejected", unavailable);
            return Optional.of(rejected(UNAVAILABLE, RejectionReason.UNAVAILABLE));
        }
        boolean isCountedInTime = isWithinGrace(arrival);
        try {
            hooks.onConnected(arrival);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.error("onConnected() failed; the visitor is connected all the same", failure);
        }
        if (isCountedInTime && !isWithinGrace(arrival)) {
            invocation.warn(
                    "Rejected connection: status=503 reason=onConnected() took longer than the handshake may, see "
                            + Setting.HANDSHAKE_GRACE);
            return Optional.of(rejected(UNAVAILABLE, RejectionReason.FAILED));
        }
        return Optional.empty();
    }

    /**
     * A limit that can't be looked up does not hold: it is there for the bill, which others bound as well (the message budget,
     * API Gateway's 500 handshakes a second), and rejecting everyone would be the greater damage.
     */
    private boolean isOverRateLimit(ConnectRequest request, Invocation invocation) {
        int limit = config.get(Setting.CONNECTS_PER_IP);
        if (limit == 0) {
            return false;
        }
        try {
            return !ports.ipRateLimiter()
                    .count(request.sourceIp(), limit, request.connectedAt(), invocation.deadline());
        } catch (RuntimeException failure) {
            invocation.error("Could not count an address; the visitor is let in all the same", failure);
            return false;
        }
    }

    /**
     * Attempts are repeated during the first half of the handshake's grace, and while the invocation has time; the other half is for
     * the last attempt and the answer. The first attempt is made in any case, however long the function took to start.
     */
    private Deadline deadline(Arrival arrival, Invocation invocation) {
        Instant latest = arrival.request()
                .connectedAt()
                .plus(config.get(Setting.HANDSHAKE_GRACE).dividedBy(2));
        return latest.isBefore(invocation.deadline().at()) ? new Deadline(latest) : invocation.deadline();
    }

    private boolean isWithinGrace(Arrival arrival) {
        Instant end = arrival.request().connectedAt().plus(config.get(Setting.HANDSHAKE_GRACE));
        return !ports.timeSource().now().isAfter(end);
    }

    private static APIGatewayV2WebSocketResponse accepted(ConnectDecision decision) {
        String subprotocol = decision.subprotocol();
        return Responses.webSocket(OK, subprotocol == null ? Map.of() : Map.of(SUBPROTOCOL_HEADER, subprotocol), null);
    }

    private APIGatewayV2WebSocketResponse rejected(Rejection rejection, Invocation invocation) {
        invocation.info("Rejected a connection with " + rejection.statusCode() + ": " + rejection.message());
        return rejected(rejection.statusCode(), rejection.reason());
    }

    private APIGatewayV2WebSocketResponse rejected(int statusCode, RejectionReason reason) {
        ports.metrics().rejected(reason);
        return Responses.webSocket(statusCode, Map.of(), null);
    }
}
