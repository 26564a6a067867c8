package io.github.visitorcounter.embeddedstack.control;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.util.Set;

/**
 * Refuses what a foreign web page tries to change: a browser lets any page send requests to 127.0.0.1, but it says where they
 * come from. Reading needs no check, as browsers keep the answers from such a page. Clients other than browsers send no origin.
 */
public final class SameOriginHandler extends Handler.Wrapper {

    private final Set<String> allowedOrigins;

    /**
     * Wraps a handler.
     *
     * @param handler what foreign pages must not reach
     * @param port the stack's own port
     */
    public SameOriginHandler(Handler handler, int port) {
        super(handler);
        this.allowedOrigins = Set.of("http://127.0.0.1:" + port, "http://localhost:" + port);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (origin != null && !reads && !allowedOrigins.contains(origin)) {
            Response.writeError(request, response, callback, 403, "Only the stack's own pages may do this");
            return true;
        }
        return super.handle(request, response, callback);
    }
}
