package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The data of a handshake for its events.
 *
 * @param connection the requested connection
 * @param requestId the id of the events of {@code $connect} and of its authorizer
 * @param headers the client's headers, and those that AWS adds
 * @param query the query string, decoded
 */
record Handshake(
        Connection connection, String requestId, Map<String, List<String>> headers, Map<String, List<String>> query) {

    private static final Set<String> HOP_BY_HOP = Set.of("connection", "upgrade", "keep-alive", "transfer-encoding");

    static Handshake of(Request request, Fields query, Connection connection, AwsIds ids) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        query.forEach(field -> values.put(field.getName(), field.getValues()));
        return new Handshake(connection, ids.next(), headers(request, connection, ids), values);
    }

    /**
     * The headers in the event of {@code $connect}: only the authorizer's event also contains those of the HTTP
     * connection.
     */
    Map<String, List<String>> endToEndHeaders() {
        Map<String, List<String>> endToEnd = new LinkedHashMap<>(headers);
        endToEnd.keySet().removeIf(name -> HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT)));
        return endToEnd;
    }

    private static Map<String, List<String>> headers(Request request, Connection connection, AwsIds ids) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.computeIfAbsent(field.getName(), name -> new ArrayList<>()).add(field.getValue());
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
}
