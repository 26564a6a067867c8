package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Meter;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.websocket.core.CloseStatus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The {@code @connections} API. With its answers, the SDKs throw the same exceptions as on AWS. Signatures are required
 * but not verified: an unsigned call is answered 403, as on AWS.
 */
final class ManagementApi {

    static final HttpAnswer UNSIGNED =
            HttpAnswer.json(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    private static final HttpAnswer OK = new HttpAnswer(200, null, "");
    private static final HttpAnswer DELETED = new HttpAnswer(204, null, "");
    private static final HttpAnswer GONE = new HttpAnswer(410, "GoneException", "");
    private static final HttpAnswer TOO_LARGE =
            HttpAnswer.json(413, "PayloadTooLargeException", "The payload is over " + Limits.MESSAGE_BYTES + " bytes");
    private static final HttpAnswer BUFFER_FULL =
            HttpAnswer.json(429, "LimitExceededException", "The WebSocket client side buffer is full");
    private static final HttpAnswer TOO_MANY = HttpAnswer.json(429, "LimitExceededException", "Too Many Requests");
    private static final HttpAnswer BROKEN =
            HttpAnswer.json(500, "InternalServerErrorException", "Internal server error");
    // A payload over the limit is read up to this size, so that the client receives 413 instead of a connection reset.
    private static final int READABLE_BYTES = 10 * 1024 * 1024;

    private final Connections connections;
    private final ConnectionLifecycle lifecycle;
    private final FaultInjector injector;
    private final HungRequests hung;
    private final AwsIds ids;
    private final Meter meter;
    private final ScheduledExecutorService timer;

    ManagementApi(
            Connections connections,
            ConnectionLifecycle lifecycle,
            FaultInjector injector,
            HungRequests hung,
            AwsIds ids,
            Meter meter,
            ScheduledExecutorService timer) {
        this.connections = connections;
        this.lifecycle = lifecycle;
        this.injector = injector;
        this.hung = hung;
        this.ids = ids;
        this.meter = meter;
        this.timer = timer;
    }

    void handle(String connectionId, Request request, Response response, Callback callback) {
        response.getHeaders().put("x-amzn-RequestId", ids.nextUuid());
        switch (request.getMethod()) {
            case "POST" -> readAndPost(connectionId, request, response, callback);
            case "GET" ->
                rejection(connectionId, request)
                        .or(this::falselyGone)
                        .or(() -> connections.find(connectionId).map(ManagementApi::describe))
                        .orElse(GONE)
                        .write(response, callback);
            case "DELETE" ->
                rejection(connectionId, request)
                        .or(() -> connections.find(connectionId).map(this::delete))
                        .orElse(GONE)
                        .write(response, callback);
            default -> UNSIGNED.write(response, callback); // API Gateway gives the same answer to unknown methods.
        }
    }

    private static Optional<HttpAnswer> rejection(String connectionId, Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization == null || !authorization.startsWith("AWS4-")) {
            return Optional.of(UNSIGNED);
        }
        if (!AwsIds.wellFormed(connectionId)) {
            return Optional.of(HttpAnswer.json(400, "BadRequestException", "Invalid connectionId: " + connectionId));
        }
        return Optional.empty();
    }

    /** API Gateway sometimes answers GoneException for an open connection. */
    private Optional<HttpAnswer> falselyGone() {
        return injector.occurs(injector.faults().falseGoneRatio()) ? Optional.of(GONE) : Optional.empty();
    }

    private static HttpAnswer describe(Connection connection) {
        ObjectNode description =
                JsonNodeFactory.instance.objectNode().put("connectedAt", iso(connection.connectedAt()));
        ObjectNode identity = description
                .putObject("identity")
                .put("sourceIp", connection.client().sourceIp());
        if (connection.client().userAgent() != null) {
            identity.put("userAgent", connection.client().userAgent());
        }
        description.put("lastActiveAt", iso(connection.lastActiveAt()));
        return new HttpAnswer(200, null, description.toString());
    }

    private static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private HttpAnswer delete(Connection connection) {
        connections.remove(connection);
        var unused = connection
                .sendQueue()
                .thenRun(() -> lifecycle.close(connection, CloseStatus.NORMAL, "Connection Closed Normally"));
        return DELETED;
    }

    private void readAndPost(String connectionId, Request request, Response response, Callback callback) {
        // Slow clients and injected hangs may take longer than the connector's idle timeout.
        request.addIdleTimeoutListener(timeout -> false);
        CompletableFuture<byte[]> payload = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, READABLE_BYTES, Promise.Invocable.toPromise(payload));
        var unused = payload.whenComplete((bytes, failure) -> {
            if (failure instanceof IOException) {
                callback.failed(failure); // The client disconnected.
            } else if (failure != null) {
                answerPost(TOO_LARGE, READABLE_BYTES, response, callback);
            } else {
                afterLatency(request, () -> post(connectionId, bytes, request, response, callback));
            }
        });
    }

    private void afterLatency(Request request, Runnable post) {
        int millis = injector.faults().postLatencyMillis();
        if (millis == 0 || timer.isShutdown()) {
            post.run();
        } else {
            var unused = timer.schedule(
                    () -> request.getComponents().getExecutor().execute(post), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void post(String connectionId, byte[] payload, Request request, Response response, Callback callback) {
        Faults faults = injector.faults();
        if (injector.occurs(faults.postHangRatio())) {
            meter.post(0, payload.length);
            hung.add(request, callback);
            return;
        }
        var unused = decide(connectionId, payload, request, faults)
                .exceptionally(neverOpened -> GONE)
                .thenAccept(answer -> answerPost(answer, payload.length, response, callback));
    }

    private CompletionStage<HttpAnswer> decide(String connectionId, byte[] payload, Request request, Faults faults) {
        Optional<HttpAnswer> early = rejection(connectionId, request)
                .or(() -> payload.length > Limits.MESSAGE_BYTES ? Optional.of(TOO_LARGE) : Optional.empty())
                .or(this::falselyGone)
                .or(() -> injector.occurs(faults.post410Ratio()) ? Optional.of(GONE) : Optional.empty())
                .or(() -> injector.occurs(faults.post429Ratio()) ? Optional.of(TOO_MANY) : Optional.empty())
                .or(() -> injector.occurs(faults.post500Ratio()) ? Optional.of(BROKEN) : Optional.empty());
        Optional<Connection> connection = connections.find(connectionId);
        if (early.isPresent() || connection.isEmpty()) {
            return CompletableFuture.completedFuture(early.orElse(GONE));
        }
        // Success means queued, as on AWS, not that the client has received it.
        return connection
                .get()
                .send(new String(payload, StandardCharsets.UTF_8))
                .thenApply(queued -> queued ? OK : BUFFER_FULL);
    }

    private void answerPost(HttpAnswer answer, int bytes, Response response, Callback callback) {
        meter.post(answer.status(), bytes);
        answer.write(response, callback);
    }
}
