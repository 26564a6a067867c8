package io.github.visitorcounter.internal.lambda;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response of a function URL or an HTTP API.
 *
 * @param statusCode the status
 * @param headers the headers by name, in the order in which they are written
 * @param body the body; empty for none
 */
public record HttpResponse(int statusCode, Map<String, String> headers, String body) {

    /**
     * Copies the headers.
     *
     * @param statusCode the status
     * @param headers the headers by name
     * @param body the body
     */
    public HttpResponse {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    HttpResponse header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(statusCode, more, body);
    }

    HttpResponse withoutBody() {
        return new HttpResponse(statusCode, headers, "");
    }
}
