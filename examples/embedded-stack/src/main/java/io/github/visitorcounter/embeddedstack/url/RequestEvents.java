package io.github.visitorcounter.embeddedstack.url;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Creates the events of a function URL, in payload format 2.0, with the fields that Lambda sends. */
final class RequestEvents {

    private static final DateTimeFormatter COMMON_LOG_FORMAT = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final Pattern TEXT =
            Pattern.compile("text/.*|application/(json|javascript|xml|.*\\+json|.*\\+xml)(;.*)?|.*;\\s*charset=.*");

    private static final String DEFAULT = "$default";

    private final Clock clock;
    private final Supplier<String> requestIds;

    RequestEvents(Clock clock, Supplier<String> requestIds) {
        this.clock = clock;
        this.requestIds = requestIds;
    }

    String event(Request request, byte[] body) {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath() == null ? "/" : uri.getPath();
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("version", "2.0")
                .put("routeKey", DEFAULT)
                .put("rawPath", path)
                .put("rawQueryString", uri.getQuery() == null ? "" : uri.getQuery());
        putCookies(event, request);
        putHeaders(event, request);
        putQuery(event, request);
        putContext(event.putObject("requestContext"), request, URIUtil.decodePath(path));
        putBody(event, request, body);
        return event.toString();
    }

    private static void putCookies(ObjectNode event, Request request) {
        ArrayNode cookies = JsonNodeFactory.instance.arrayNode();
        request.getHeaders().getFields(HttpHeader.COOKIE).forEach(field -> {
            for (String cookie : field.getValue().split(";", -1)) {
                cookies.add(cookie.strip());
            }
        });
        if (!cookies.isEmpty()) {
            event.set("cookies", cookies);
        }
    }

    /** Names are in lower case, and commas join repeated headers. */
    private void putHeaders(ObjectNode event, Request request) {
        Map<String, String> headers = new TreeMap<>();
        for (HttpField field : request.getHeaders()) {
            if (field.getHeader() != HttpHeader.COOKIE && field.getHeader() != HttpHeader.CONNECTION) {
                headers.merge(field.getLowerCaseName(), field.getValue(), (one, other) -> one + "," + other);
            }
        }
        String forwarded = headers.get("x-forwarded-for");
        String sourceIp = Request.getRemoteAddr(request);
        headers.put("x-forwarded-for", forwarded == null ? sourceIp : forwarded + "," + sourceIp);
        headers.put("x-forwarded-port", String.valueOf(Request.getLocalPort(request)));
        headers.put("x-forwarded-proto", request.isSecure() ? "https" : "http");
        headers.put(
                "x-amzn-trace-id",
                "Root=1-%08x-%s"
                        .formatted(
                                clock.instant().getEpochSecond(),
                                requestIds.get().replace("-", "").substring(0, 24)));
        ObjectNode object = event.putObject("headers");
        headers.forEach(object::put);
    }

    /** Commas join the values of a repeated parameter. */
    private static void putQuery(ObjectNode event, Request request) {
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        Request.extractQueryParameters(request)
                .forEach(field -> query.put(field.getName(), String.join(",", field.getValues())));
        if (!query.isEmpty()) {
            event.set("queryStringParameters", query);
        }
    }

    private void putContext(ObjectNode context, Request request, String path) {
        Instant now = clock.instant();
        String host = request.getHeaders().get(HttpHeader.HOST);
        String domainName = host == null ? "127.0.0.1:" + Request.getLocalPort(request) : host;
        context.put("accountId", "anonymous")
                .put("apiId", domainName.split("[.:]", 2)[0])
                .put("domainName", domainName)
                .put("domainPrefix", domainName.split("[.:]", 2)[0]);
        String userAgent = request.getHeaders().get(HttpHeader.USER_AGENT);
        ObjectNode http = context.putObject("http")
                .put("method", request.getMethod())
                .put("path", path)
                .put("protocol", request.getConnectionMetaData().getProtocol())
                .put("sourceIp", Request.getRemoteAddr(request));
        if (userAgent != null) {
            http.put("userAgent", userAgent);
        }
        context.put("requestId", requestIds.get())
                .put("routeKey", DEFAULT)
                .put("stage", DEFAULT)
                .put("time", COMMON_LOG_FORMAT.format(now))
                .put("timeEpoch", now.toEpochMilli());
    }

    /** A body of a type that is not text is base64. */
    private static void putBody(ObjectNode event, Request request, byte[] body) {
        String text = text(request, body);
        if (body.length > 0) {
            event.put("body", text == null ? Base64.getEncoder().encodeToString(body) : text);
        }
        event.put("isBase64Encoded", body.length > 0 && text == null);
    }

    private static @Nullable String text(Request request, byte[] body) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !TEXT.matcher(type.toLowerCase(Locale.ROOT)).matches()) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }
}
