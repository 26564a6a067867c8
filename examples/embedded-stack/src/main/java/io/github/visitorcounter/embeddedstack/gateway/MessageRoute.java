package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Answer;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Failure;
import io.github.visitorcounter.embeddedstack.gateway.Integrations.Outcome;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Dispatches messages to their routes. Each message is an invocation of its own and does not wait for others: AWS does
 * not guarantee the order of a connection's messages either.
 */
final class MessageRoute {

    private static final Logger LOG = LoggerFactory.getLogger(MessageRoute.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final WebSocketApi api;
    private final Events events;
    private final Integrations integrations;
    private final Meter meter;

    MessageRoute(WebSocketApi api, Events events, Integrations integrations, Meter meter) {
        this.api = api;
        this.events = events;
        this.integrations = integrations;
        this.meter = meter;
    }

    void handle(Connection connection, String message) {
        String routeKey = routeKey(message);
        Events.Event event = events.message(connection, routeKey, message);
        Optional<Route> route = api.route(routeKey);
        if (route.isEmpty()) {
            send(connection, ErrorText.of("Forbidden", connection.id(), event.requestId()));
            return;
        }
        var unused = integrations
                .call(route.get().target(), event)
                .thenAccept(outcome -> answer(connection, route.get(), event, outcome));
    }

    private String routeKey(String message) {
        try {
            JsonNode body = JSON.readTree(message);
            return api.routeKey(path -> valueAt(path, body))
                    // Clients must not select the three predefined routes.
                    .filter(key -> !key.startsWith("$") && api.route(key).isPresent())
                    .orElse(WebSocketApi.DEFAULT);
        } catch (JsonProcessingException e) {
            return WebSocketApi.DEFAULT;
        }
    }

    /** Returns the string, number or boolean at a path of a message; otherwise empty. */
    static Optional<String> valueAt(List<String> path, JsonNode body) {
        JsonNode node = body;
        for (String name : path) {
            node = node.path(name);
        }
        return node.isValueNode() && !node.isNull() ? Optional.of(node.asText()) : Optional.empty();
    }

    private void answer(Connection connection, Route route, Events.Event event, Outcome outcome) {
        if (outcome instanceof Failure failure) {
            send(connection, ErrorText.of(failure.message, connection.id(), event.requestId()));
        } else if (outcome instanceof Answer answer && route.answers() && answer.body() != null) {
            boolean fits = answer.body().getBytes(StandardCharsets.UTF_8).length <= Limits.MESSAGE_BYTES;
            // AWS does not document what the client receives if the answer is not a valid message.
            send(connection, fits ? answer.body() : internalServerError(connection, event));
        }
    }

    private static String internalServerError(Connection connection, Events.Event event) {
        return ErrorText.of(Failure.INTERNAL_SERVER_ERROR.message, connection.id(), event.requestId());
    }

    private void send(Connection connection, String text) {
        var unused = connection.send(text).handle((queued, failure) -> {
            if (failure != null) {
                LOG.error("Connection {}: the answer to a message is lost", connection.id(), failure);
            } else if (queued) {
                meter.clientMessage(text.getBytes(StandardCharsets.UTF_8).length);
            } else {
                LOG.warn(
                        "Connection {}: the answer to a message is dropped, the client does not read", connection.id());
            }
            return null;
        });
    }
}
