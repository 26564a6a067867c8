package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Rejects requests that are not valid handshakes or exceed a limit of API Gateway, before any function runs. */
final class HandshakeCheck {

    static final HttpAnswer BAD_REQUEST = HttpAnswer.json(400, "BadRequestException", "Bad Request");
    private static final HttpAnswer URI_TOO_LONG =
            HttpAnswer.json(414, "RequestUriTooLongException", "Request URI too long");
    private static final HttpAnswer HEADERS_TOO_LARGE =
            HttpAnswer.json(431, "RequestHeaderFieldsTooLargeException", "Request Header Fields Too Large");
    private static final int KEY_BYTES = 16;

    private HandshakeCheck() {}

    /** Returns the error answer to a request with {@code Upgrade: websocket}, or null if the handshake is valid. */
    static @Nullable HttpAnswer rejection(Request request) {
        if (request.getHttpURI().asString().length() > Limits.URL_CHARACTERS) {
            return URI_TOO_LONG;
        }
        if (valueBytes(request.getHeaders()) > Limits.HEADER_VALUE_BYTES) {
            return HEADERS_TOO_LARGE;
        }
        return isHandshake(request) ? null : BAD_REQUEST;
    }

    private static int valueBytes(HttpFields headers) {
        int bytes = 0;
        for (HttpField field : headers) {
            String value = field.getValue();
            bytes += value == null ? 0 : value.getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    private static boolean isHandshake(Request request) {
        HttpFields headers = request.getHeaders();
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                && HttpMethod.GET.is(request.getMethod())
                && headers.contains(HttpHeader.CONNECTION, "upgrade")
                && "13".equals(headers.get(HttpHeader.SEC_WEBSOCKET_VERSION))
                && isKey(headers.get(HttpHeader.SEC_WEBSOCKET_KEY));
    }

    /** RFC 6455: 16 bytes in Base64. */
    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
