package io.github.visitorcounter.embeddedstack.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the access of requests to Lambda's Invoke API and {@code @connections}.
 *
 * @since 0.1.0
 */
public final class AccessHandler extends Handler.Wrapper {

    private static final Pattern INVOKE = Pattern.compile("/2015-03-31/functions/(?<function>[^/]+)/invocations/?");
    private static final Pattern MANAGE = Pattern.compile("/(?<stage>[^/]+)/(?:@|%40)connections/[^/]+");

    private final AccessControl access;
    private final String apiArn;
    private final UnaryOperator<String> functionArns;

    /**
     * Wraps a handler.
     *
     * @param handler handles allowed requests
     * @param access checks the requests
     * @param apiArn the WebSocket API, {@code arn:aws:execute-api:region:account:api}
     * @param functionArns resolves a reference to a function to its ARN; returns the reference itself if there is no
     *     such function
     */
    public AccessHandler(Handler handler, AccessControl access, String apiArn, UnaryOperator<String> functionArns) {
        super(handler);
        this.access = access;
        this.apiArn = apiArn;
        this.functionArns = functionArns;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        AccessControl.Attempt attempt = attempt(request);
        String rejection = attempt == null ? null : access.rejection(request, List.of(attempt));
        if (rejection == null) {
            return super.handle(request, response, callback);
        }
        response.setStatus(403);
        response.getHeaders().put("x-amzn-ErrorType", "AccessDeniedException");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String body =
                JsonNodeFactory.instance.objectNode().put("Message", rejection).toString();
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }

    private AccessControl.@Nullable Attempt attempt(Request request) {
        String path = String.valueOf(request.getHttpURI().getPath());
        Matcher invoke = INVOKE.matcher(path);
        if (invoke.matches()) {
            String reference = URIUtil.decodePath(invoke.group("function"));
            String qualifier = Request.extractQueryParameters(request).getValue("Qualifier");
            return new AccessControl.Attempt(
                    "lambda:InvokeFunction",
                    functionArns.apply(qualifier == null ? reference : reference + ":" + qualifier));
        }
        Matcher manage = MANAGE.matcher(path);
        return manage.matches()
                ? new AccessControl.Attempt(
                        "execute-api:ManageConnections",
                        apiArn + "/" + manage.group("stage") + "/" + request.getMethod() + "/@connections/*")
                : null;
    }
}
