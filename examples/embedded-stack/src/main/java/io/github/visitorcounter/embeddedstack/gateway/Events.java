package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Creates the events of functions, with exactly the fields that API Gateway sends: no {@code httpMethod}, {@code path}
 * or {@code resource}, which exist in the Java class only, and no query parameters where there are none.
 */
final class Events {

    private static final DateTimeFormatter COMMON_LOG_FORMAT = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final WebSocketApi api;
    private final AwsIds ids;
    private final Clock clock;

    Events(WebSocketApi api, AwsIds ids, Clock clock) {
        this.api = api;
        this.ids = ids;
        this.clock = clock;
    }

    /** An event and its request id, which error frames and answers contain. */
    record Event(String requestId, String json) {}

    Event connect(Handshake handshake) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        putLastAndAll(event, "headers", "multiValueHeaders", handshake.endToEndHeaders());
        if (!handshake.query().isEmpty()) {
            putQuery(event, handshake);
        }
        ObjectNode context = event.putObject("requestContext").put("routeKey", WebSocketApi.CONNECT);
        return finish(event, context, "CONNECT", handshake.connection(), handshake.requestId());
    }

    /** Returns the event of the authorizer, without path parameters, as AWS documents. */
    Event authorizer(Handshake handshake, String methodArn) {
        Map<String, List<String>> headers = new LinkedHashMap<>(handshake.headers());
        headers.putIfAbsent("content-length", List.of("0")); // AWS adds it.
        ObjectNode event =
                JsonNodeFactory.instance.objectNode().put("type", "REQUEST").put("methodArn", methodArn);
        putLastAndAll(event, "headers", "multiValueHeaders", headers);
        putQuery(event, handshake);
        event.putObject("stageVariables");
        ObjectNode context = event.putObject("requestContext").put("routeKey", WebSocketApi.CONNECT);
        fill(context, "CONNECT", handshake.connection(), handshake.requestId());
        return new Event(handshake.requestId(), event.toString());
    }

    private static void putQuery(ObjectNode event, Handshake handshake) {
        putLastAndAll(event, "queryStringParameters", "multiValueQueryStringParameters", handshake.query());
    }

    Event message(Connection connection, String routeKey, String body) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        ObjectNode context =
                event.putObject("requestContext").put("routeKey", routeKey).put("messageId", ids.next());
        event.put("body", body);
        return finish(event, context, "MESSAGE", connection, ids.next());
    }

    Event disconnect(Connection connection, Connection.End end) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of(connection.client().host()));
        headers.put("x-api-key", List.of(""));
        headers.put("X-Forwarded-For", List.of(""));
        headers.put("x-restapi", List.of(""));
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        putLastAndAll(event, "headers", "multiValueHeaders", headers);
        ObjectNode context = event.putObject("requestContext")
                .put("routeKey", WebSocketApi.DISCONNECT)
                .put("disconnectStatusCode", end.statusCode())
                .put("disconnectReason", end.reason());
        return finish(event, context, "DISCONNECT", connection, ids.next());
    }

    private Event finish(
            ObjectNode event, ObjectNode context, String eventType, Connection connection, String requestId) {
        fill(context, eventType, connection, requestId);
        if (connection.authorizer() != null) {
            context.set("authorizer", connection.authorizer());
        }
        event.put("isBase64Encoded", false);
        return new Event(requestId, event.toString());
    }

    private void fill(ObjectNode context, String eventType, Connection connection, String requestId) {
        Instant now = clock.instant();
        context.put("eventType", eventType)
                .put("extendedRequestId", requestId)
                .put("requestTime", COMMON_LOG_FORMAT.format(now))
                .put("messageDirection", "IN")
                .put("stage", api.stage())
                .put("connectedAt", connection.connectedAt().toEpochMilli())
                .put("requestTimeEpoch", now.toEpochMilli());
        ObjectNode identity = context.putObject("identity");
        if (connection.client().userAgent() != null) {
            identity.put("userAgent", connection.client().userAgent());
        }
        identity.put("sourceIp", connection.client().sourceIp());
        context.put("requestId", requestId)
                // Like AWS, the host as the client addressed it; here with a port, so that a URL built from it works.
                .put("domainName", connection.client().host())
                .put("connectionId", connection.id())
                .put("apiId", api.apiId());
    }

    private static void putLastAndAll(ObjectNode event, String last, String all, Map<String, List<String>> values) {
        ObjectNode lastValues = event.putObject(last);
        ObjectNode allValues = event.putObject(all);
        values.forEach((name, list) -> {
            lastValues.put(name, list.get(list.size() - 1));
            list.forEach(allValues.putArray(name)::add);
        });
    }
}
