package io.github.visitorcounter.embeddedstack.control;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Limits the access of web pages in the developer's browser, because a browser lets any page send requests to
 * 127.0.0.1:
 *
 * <ul>
 *   <li>A page of another origin must not change anything. Reads are not checked: browsers do not show the responses to
 *       such a page.
 *   <li>A foreign host name that resolves to 127.0.0.1 (DNS rebinding) is not served: the {@code Host} must be a
 *       loopback name, or a name of AWS, which a signed request may contain.
 * </ul>
 *
 * <p>WebSocket handshakes pass: API Gateway accepts them from every page. Clients other than browsers send no
 * {@code Origin}.
 *
 * @since 0.1.0
 */
public final class SameOriginHandler extends Handler.Wrapper {

    private static final Pattern ALLOWED_HOST =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1]|.+\\.amazonaws\\.com(\\.cn)?)(:\\d+)?");

    /** A browser asks with OPTIONS whether a page may send another request, which this handler checks, too. */
    private static final Set<String> READS =
            Set.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString(), HttpMethod.OPTIONS.asString());

    private final Set<String> allowedOrigins;

    /**
     * Wraps a handler.
     *
     * @param handler the handler to protect
     * @param port the port of the stack's own pages
     */
    public SameOriginHandler(Handler handler, int port) {
        super(handler);
        this.allowedOrigins = Set.of("http://127.0.0.1:" + port, "http://localhost:" + port);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if ("websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
            return super.handle(request, response, callback);
        }
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host != null && !ALLOWED_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            reject(response, callback, "The Host must be 127.0.0.1 or localhost");
            return true;
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        boolean reads = READS.contains(request.getMethod());
        if (origin != null && !reads && !allowedOrigins.contains(origin)) {
            reject(response, callback, "Only pages of this stack may do this");
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static void reject(Response response, Callback callback, String message) {
        response.setStatus(403);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(
                true,
                ByteBuffer.wrap(("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8)),
                callback);
    }
}
