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
import io.github.visitorcounter.internal.count.AllowedCounters;
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
 * Handles {@code $connect} events in this order: the request validator, {@code admit()}, the rate limit of the IP
 * address, the limit of new counters, the count, {@code onConnected()}. The cheap checks are first, so that nothing is
 * written for a connection that they reject.
 */
public final class ConnectProcessor {

    private static final String SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";
    private static final String REJECTED = "Rejected connection";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private final VisitorCounterConfig config;
    private final HandlerPorts ports;
    private final ConnectRequestValidator validator;
    private final VisitRules visits;
    private final AllowedCounters allowed;

    /** The methods that the user's class may override. */
    public interface Hooks {

        ConnectDecision admit(Arrival arrival);

        void onConnected(Arrival arrival);
    }

    /**
     * Creates a processor.
     *
     * @param config the settings
     * @param ports the adapters; first used at the first event
     * @throws io.github.visitorcounter.InvalidConfigurationException if no origins are allowed
     */
    public ConnectProcessor(VisitorCounterConfig config, HandlerPorts ports) {
        this.config = config;
        this.ports = ports;
        this.validator = new ConnectRequestValidator(config);
        this.visits = new VisitRules(config.get(Setting.VISIT_TIMEOUT), config.get(Setting.COUNTING_MODE));
        this.allowed = new AllowedCounters(config.get(Setting.ALLOWED_COUNTERS));
    }

    /** Creates the clients that the first event would create. */
    public void buildClients() {
        ports.counters();
        ports.ipRateLimiter();
        ports.newCounterLimiter();
    }

    /**
     * Handles an event.
     *
     * @param input the event
     * @param hooks the methods of the user's class
     * @param invocation the invocation
     * @return the response
     * @throws IOException if the input can't be read
     */
    public APIGatewayV2WebSocketResponse respond(InputStream input, Hooks hooks, Invocation invocation)
            throws IOException {
        ConnectRequest request;
        try {
            request = GatewayEvents.connectRequest(input);
        } catch (InvalidEventException invalid) {
            String detail = "not a $connect event: " + invalid.getMessage();
            return rejected(
                    new Rejection(BAD_REQUEST, RejectionReason.INVALID, detail), LogLine.warn(REJECTED), invocation);
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
            return rejected(
                    new Rejection(SERVER_ERROR, RejectionReason.FAILED, "admit() failed"),
                    LogLine.error(REJECTED).because(failure),
                    invocation);
        }
        if (!decision.isAccepted()) {
            return rejected(
                    new Rejection(decision.statusCode(), RejectionReason.APPLICATION, "admit() decided so"),
                    invocation);
        }
        return count(arrival, hooks, invocation).orElseGet(() -> {
            invocation.log(LogLine.debug("Connected")
                    .with("counterId", arrival.connection().counterId()));
            return accepted(decision);
        });
    }

    private Arrival arrival(ConnectRequest request) {
        String requested = request.requestedCounter();
        String counterId = requested == null ? config.get(Setting.DEFAULT_COUNTER) : requested;
        Connection connection = Connection.opened(
                        request.connectionId(), counterId, request.connectedAt(), visits.keyOf(request))
                .withSiteCounter(config.find(Setting.SITE_COUNTER).orElse(null));
        return new Arrival(request, request.onlyWatches() ? connection.watching() : connection);
    }

    /** Counts the connection. Returns the response if it is rejected, and empty if it is connected. */
    private Optional<APIGatewayV2WebSocketResponse> count(Arrival arrival, Hooks hooks, Invocation invocation) {
        if (isOverRateLimit(arrival.request(), invocation)) {
            return Optional.of(rejected(
                    new Rejection(
                            TOO_MANY_REQUESTS,
                            RejectionReason.ADDRESS,
                            "its address has opened too many, see " + Setting.CONNECTS_PER_IP),
                    invocation));
        }
        if (isOverNewCounterLimit(arrival.connection(), invocation)) {
            return Optional.of(rejected(
                    new Rejection(
                            TOO_MANY_REQUESTS,
                            RejectionReason.NEW_COUNTERS,
                            "its counter is new and too many are, see " + Setting.NEW_COUNTERS_PER_MINUTE),
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
            return Optional.of(rejected(
                    new Rejection(UNAVAILABLE, RejectionReason.UNAVAILABLE, "the visitor could not be counted in time"),
                    LogLine.error(REJECTED).because(unavailable),
                    invocation));
        }
        boolean isCountedInTime = isWithinGrace(arrival);
        try {
            hooks.onConnected(arrival);
        } catch (Throwable failure) {
            Invocation.rethrowVirtualMachineError(failure);
            invocation.log(LogLine.error("Hook failed")
                    .with("hook", "onConnected")
                    .with("consequence", "the visitor is connected all the same")
                    .because(failure));
        }
        if (isCountedInTime && !isWithinGrace(arrival)) {
            String detail = "onConnected() took longer than the handshake may, see " + Setting.HANDSHAKE_GRACE;
            return Optional.of(rejected(
                    new Rejection(UNAVAILABLE, RejectionReason.FAILED, detail), LogLine.warn(REJECTED), invocation));
        }
        return Optional.empty();
    }

    /**
     * Returns false if the limiter fails. The limit protects the bill, which other limits bound as well (the message
     * budget, API Gateway's 500 handshakes a second); rejecting all visitors would do more damage.
     */
    private boolean isOverRateLimit(ConnectRequest request, Invocation invocation) {
        int limit = config.get(Setting.CONNECTS_PER_IP);
        if (limit == 0) {
            return false;
        }
        try {
            return !ports.ipRateLimiter().count(request.sourceIp(), limit, request.connectedAt());
        } catch (RuntimeException failure) {
            invocation.log(LogLine.warn("Address not counted")
                    .with("consequence", "the visitor is connected all the same")
                    .because(failure));
            return false;
        }
    }

    /** Returns false if the limiter fails, like the rate limit of addresses. A watcher creates no counter. */
    private boolean isOverNewCounterLimit(Connection connection, Invocation invocation) {
        int limit = config.get(Setting.NEW_COUNTERS_PER_MINUTE);
        if (limit == 0 || connection.onlyWatches() || !allowed.admitsByWildcard(connection.counterId())) {
            return false;
        }
        try {
            return !ports.newCounterLimiter().mayUse(connection.counterId(), limit, connection.connectedAt());
        } catch (RuntimeException failure) {
            invocation.log(LogLine.warn("New counter not counted")
                    .with("consequence", "the visitor is connected all the same")
                    .because(failure));
            return false;
        }
    }

    /**
     * Allows retries during the first half of the handshake grace, and while the invocation has time. The second half
     * is for the last attempt and the response. The first attempt is always made, however long the function took to
     * start.
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
        return rejected(rejection, LogLine.info(REJECTED), invocation);
    }

    private APIGatewayV2WebSocketResponse rejected(Rejection rejection, LogLine line, Invocation invocation) {
        invocation.log(line.with("status", rejection.statusCode())
                .with("reason", rejection.reason().word())
                .with("detail", rejection.message()));
        ports.metrics().rejected(rejection.reason());
        return Responses.webSocket(rejection.statusCode(), Map.of(), null);
    }
}
