package io.github.visitorcounter.embeddedstack.url;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A response of a function URL.
 *
 * @param statusCode the status
 * @param headers the headers, without cookies
 * @param cookies the values of {@code Set-Cookie}
 * @param body the body
 */
record FunctionResponse(int statusCode, Map<String, String> headers, List<String> cookies, ByteBuffer body) {

    /** The function failed, timed out, or its answer is invalid. */
    static final FunctionResponse FAILED = error(502, "Internal Server Error");

    static final FunctionResponse TOO_LARGE = error(413, "Request Entity Too Large");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String JSON_TYPE = "application/json";

    static FunctionResponse throttled(TooManyRequestsException.Reason reason) {
        return json(429, "{\"Reason\":\"" + reason + "\",\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}");
    }

    /**
     * Reads the answer of a function. JSON without a {@code statusCode}, such as a string, is the body itself.
     *
     * @return null if it is not valid
     */
    static @Nullable FunctionResponse of(String payload) {
        JsonNode answer;
        try {
            answer = JSON.readTree(payload);
        } catch (JsonProcessingException notJson) {
            return null;
        }
        JsonNode status = answer.path("statusCode");
        if (status.isMissingNode()) {
            return json(200, payload);
        }
        JsonNode body = answer.path("body");
        boolean isText = body.isTextual() || body.isMissingNode() || body.isNull();
        if (!status.asText().matches("[1-5][0-9][0-9]") || !isText) {
            return null;
        }
        ByteBuffer bytes = bytes(body.asText(""), answer.path("isBase64Encoded").asBoolean());
        if (bytes == null) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", JSON_TYPE);
        answer.path("headers").fieldNames().forEachRemaining(name -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, answer.path("headers").path(name).asText());
        });
        List<String> cookies = new ArrayList<>();
        answer.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        return new FunctionResponse(status.asInt(), headers, cookies, bytes);
    }

    private static @Nullable ByteBuffer bytes(String body, boolean isBase64) {
        if (!isBase64) {
            return StandardCharsets.UTF_8.encode(body);
        }
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(body));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static FunctionResponse error(int statusCode, String message) {
        return json(statusCode, "{\"Message\":\"" + message + "\"}");
    }

    private static FunctionResponse json(int statusCode, String body) {
        return new FunctionResponse(
                statusCode, Map.of("content-type", JSON_TYPE), List.of(), StandardCharsets.UTF_8.encode(body));
    }

    void write(Request request, Response response, Callback callback) {
        response.setStatus(statusCode);
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
        cookies.forEach(cookie -> response.getHeaders().add(HttpHeader.SET_COOKIE, cookie));
        boolean hasBody = body.hasRemaining() && !HttpMethod.HEAD.is(request.getMethod());
        response.write(true, hasBody ? body.duplicate() : null, callback);
    }
}
