package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.gateway.Authorization.Allowed;
import io.github.visitorcounter.embeddedstack.gateway.Authorization.Decision;
import io.github.visitorcounter.embeddedstack.gateway.Authorization.Rejected;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Answer;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Failure;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Outcome;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The handshake: runs the authorizer and {@code $connect}, and then accepts or rejects. It blocks no thread. Posts to
 * the connection fail until its client has received the answer.
 */
final class ConnectRoute {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectRoute.class);
    private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";
    // The headers that only the server may set; the function's are ignored.
    private static final Set<String> SERVERS_OWN =
            Set.of("connection", "upgrade", "keep-alive", "transfer-encoding", "content-length", "date");

    private final WebSocketApi api;
    private final Events events;
    private final Authorization authorization;
    private final Integrations integrations;
    private final AwsIds ids;
    private final Clock clock;
    private final Upgrade upgrade;
    private final Meter meter;

    ConnectRoute(
            WebSocketApi api,
            Events events,
            Authorization authorization,
            Integrations integrations,
            AwsIds ids,
            Clock clock,
            Upgrade upgrade,
            Meter meter) {
        this.api = api;
        this.events = events;
        this.authorization = authorization;
        this.integrations = integrations;
        this.ids = ids;
        this.clock = clock;
        this.upgrade = upgrade;
        this.meter = meter;
    }

    static boolean wants(Request request) {
        return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    }

    void handle(Request request, Response response, Callback callback) {
        HttpAnswer rejection = HandshakeCheck.rejection(request);
        Fields query = null;
        try {
            query = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            LOG.debug("Handshake with an unreadable query string", e);
        }
        if (query == null || rejection != null) {
            meter.connectionRejected();
            (rejection == null ? HandshakeCheck.BAD_REQUEST : rejection).write(response, callback);
            return;
        }
        Connection connection = new Connection(ids.next(), client(request), clock);
        Handshake handshake = Handshake.of(request, query, connection, ids);
        // Functions may take longer than the connector's idle timeout.
        request.addIdleTimeoutListener(timeout -> false);
        Executor executor = request.getComponents().getExecutor();
        var unused = authorization
                .decide(handshake)
                .thenCompose(decision -> connect(handshake, decision))
                .thenAcceptAsync(
                        answer -> {
                            try {
                                answer.write(request, response, callback);
                            } catch (RuntimeException e) {
                                callback.failed(e);
                            }
                        },
                        executor);
    }

    /** The result of a handshake. */
    private interface HandshakeAnswer {

        void write(Request request, Response response, Callback callback);
    }

    private CompletionStage<HandshakeAnswer> connect(Handshake handshake, Decision decision) {
        Connection connection = handshake.connection();
        if (decision instanceof Rejected rejected) {
            String body = ErrorText.of(rejected.message, connection.id(), handshake.requestId());
            return CompletableFuture.completedFuture((request, response, callback) -> {
                meter.connectionRejected();
                new HttpAnswer(rejected.status, rejected.errorType, body).write(response, callback);
            });
        }
        connection.authorized(((Allowed) decision).authorizer());
        return api.route(WebSocketApi.CONNECT)
                .map(route -> integrations.call(route.target(), events.connect(handshake)))
                .orElseGet(() -> CompletableFuture.completedFuture(Answer.OK))
                .thenApply(outcome ->
                        (request, response, callback) -> finish(request, response, callback, handshake, outcome));
    }

    private void finish(Request request, Response response, Callback callback, Handshake handshake, Outcome outcome) {
        Connection connection = handshake.connection();
        if (ClientPresence.hasLeft(request)) {
            // $connect has run, and $disconnect does not: AWS runs that for established connections only, as far as its
            // documentation says.
            meter.connectionRejected();
            callback.failed(new EofException("The client disconnected during the handshake"));
        } else if (outcome instanceof Failure failure) {
            reject(
                    failure.handshakeStatus,
                    Map.of("Content-Type", "application/json"),
                    ErrorText.of(failure.message, connection.id(), handshake.requestId()),
                    response,
                    callback);
        } else if (outcome instanceof Answer answer && !answer.successful()) {
            reject(answer.statusCode(), answer.headers(), answer.body(), response, callback);
        } else if (outcome instanceof Answer answer) {
            upgrade.accept(connection, subprotocol(request, answer), request, response, callback);
        }
    }

    /**
     * The status is the function's, as on AWS. AWS does not document whether it also forwards body and headers;
     * browsers show neither.
     */
    private void reject(
            int status, Map<String, String> headers, @Nullable String body, Response response, Callback callback) {
        meter.connectionRejected();
        headers.forEach((name, value) -> {
            if (!SERVERS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
                response.getHeaders().put(name, value);
            }
        });
        new HttpAnswer(status, null, body == null ? "" : body).write(response, callback);
    }

    /**
     * Returns the subprotocol that the function selected, if the client offered it; any other would break the
     * handshake.
     */
    private static Optional<String> subprotocol(Request request, Answer answer) {
        List<String> offered = request.getHeaders().getCSV(SUBPROTOCOL, false);
        return answer.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(SUBPROTOCOL))
                .map(Map.Entry::getValue)
                .filter(offered::contains)
                .findFirst();
    }

    private static Connection.Client client(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return new Connection.Client(
                host == null ? Request.getServerName(request) + ":" + Request.getServerPort(request) : host,
                Request.getRemoteAddr(request),
                request.getHeaders().get(HttpHeader.USER_AGENT));
    }
}
