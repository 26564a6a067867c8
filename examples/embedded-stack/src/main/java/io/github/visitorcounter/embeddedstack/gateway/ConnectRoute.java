package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Answer;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Failure;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Outcome;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The handshake: runs {@code $connect} and then accepts or rejects. No thread waits meanwhile, and the connection can't be
 * posted to before its client is told that it has one.
 */
final class ConnectRoute {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectRoute.class);
    private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";
    private static final Set<String> HOP_BY_HOP = Set.of("connection", "upgrade", "keep-alive", "transfer-encoding");
    // Of the function's headers, those that only the server can know.
    private static final Set<String> SERVERS_OWN =
            Set.of("connection", "upgrade", "keep-alive", "transfer-encoding", "content-length", "date");

    private final WebSocketApi api;
    private final Events events;
    private final Integrations integrations;
    private final AwsIds ids;
    private final Clock clock;
    private final Upgrade upgrade;
    private final Meter meter;

    ConnectRoute(
            WebSocketApi api,
            Events events,
            Integrations integrations,
            AwsIds ids,
            Clock clock,
            Upgrade upgrade,
            Meter meter) {
        this.api = api;
        this.events = events;
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
        Fields query = null;
        try {
            query = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            LOG.debug("Handshake with an unreadable query string", e);
        }
        if (query == null || !isHandshake(request)) {
            meter.connectionRejected();
            HttpAnswer.json(400, "BadRequestException", "Bad Request").write(response, callback);
            return;
        }
        Connection connection = new Connection(ids.next(), client(request), clock);
        Events.Event event = events.connect(connection, headers(request, connection), multiMap(query));
        // A slow function may outlast the connector's idle timeout.
        request.addIdleTimeoutListener(timeout -> false);
        Executor executor = request.getComponents().getExecutor();
        var unused = connect(event)
                .thenAcceptAsync(
                        outcome -> {
                            try {
                                finish(request, response, callback, connection, event, outcome);
                            } catch (RuntimeException e) {
                                callback.failed(e);
                            }
                        },
                        executor);
    }

    private static boolean isHandshake(Request request) {
        String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
        return HttpMethod.GET.is(request.getMethod())
                && request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade")
                && "13".equals(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_VERSION))
                && key != null
                && !key.isBlank();
    }

    private CompletableFuture<Outcome> connect(Events.Event event) {
        return api.route(WebSocketApi.CONNECT)
                .map(route -> integrations.call(route.target(), event))
                .orElseGet(() -> CompletableFuture.completedFuture(Answer.OK));
    }

    private void finish(
            Request request,
            Response response,
            Callback callback,
            Connection connection,
            Events.Event event,
            Outcome outcome) {
        if (ClientPresence.hasLeft(request)) {
            // Nobody to answer. The function has counted the client all the same, and no $disconnect will tell it: AWS
            // runs
            // that only for established connections, as far as its documentation says.
            meter.connectionRejected();
            callback.failed(new EofException("The client left during the handshake"));
        } else if (outcome instanceof Failure failure) {
            reject(
                    failure.handshakeStatus,
                    Map.of("Content-Type", "application/json"),
                    ErrorText.of(failure.message, connection.id(), event.requestId()),
                    response,
                    callback);
        } else if (outcome instanceof Answer answer && !answer.successful()) {
            reject(answer.statusCode(), answer.headers(), answer.body(), response, callback);
        } else if (outcome instanceof Answer answer) {
            upgrade.accept(connection, subprotocol(request, answer), request, response, callback);
        }
    }

    /**
     * The status is the function's, as on AWS. Whether AWS passes on body and headers, too, is not documented; browsers show
     * neither.
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

    /** The one that the function chose, if the client offered it; anything else would break the handshake. */
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

    private Map<String, List<String>> headers(Request request, Connection connection) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            if (!HOP_BY_HOP.contains(field.getLowerCaseName())) {
                headers.computeIfAbsent(field.getName(), name -> new ArrayList<>())
                        .add(field.getValue());
            }
        }
        String forwarded = request.getHeaders().get(HttpHeader.X_FORWARDED_FOR);
        String sourceIp = connection.client().sourceIp();
        headers.put(
                "X-Amzn-Trace-Id",
                List.of(ids.nextTrace(connection.connectedAt().getEpochSecond())));
        headers.put("X-Forwarded-For", List.of(forwarded == null ? sourceIp : forwarded + ", " + sourceIp));
        headers.put("X-Forwarded-Port", List.of(String.valueOf(Request.getLocalPort(request))));
        headers.put("X-Forwarded-Proto", List.of(request.isSecure() ? "https" : "http"));
        return headers;
    }

    private static Map<String, List<String>> multiMap(Fields fields) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        fields.forEach(field -> map.put(field.getName(), field.getValues()));
        return map;
    }
}
