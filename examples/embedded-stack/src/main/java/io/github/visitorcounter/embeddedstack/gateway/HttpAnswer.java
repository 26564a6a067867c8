package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An HTTP response; the SDKs read the name of their exception from {@code errorType}. */
record HttpAnswer(int status, @Nullable String errorType, String body) {

    static HttpAnswer json(int status, String errorType, String message) {
        String body =
                JsonNodeFactory.instance.objectNode().put("message", message).toString();
        return new HttpAnswer(status, errorType, body);
    }

    void write(Response response, Callback callback) {
        response.setStatus(status);
        if (errorType != null) {
            response.getHeaders().put("x-amzn-ErrorType", errorType);
        }
        if (!body.isEmpty() && !response.getHeaders().contains(HttpHeader.CONTENT_TYPE)) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        }
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }
}
