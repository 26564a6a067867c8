package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

import java.util.List;

/** Tells handshakes and management calls apart from everything else. */
final class GatewayHandler extends Handler.Abstract {

    private static final HttpAnswer CLOSING =
            HttpAnswer.json(503, "ServiceUnavailableException", "Service Unavailable");

    private final String stage;
    private final ConnectRoute connect;
    private final ManagementApi management;
    private volatile boolean rejecting;

    GatewayHandler(String stage, ConnectRoute connect, ManagementApi management) {
        this.stage = stage;
        this.connect = connect;
        this.management = management;
    }

    void reject() {
        rejecting = true;
    }

    @Override
    protected void doStart() throws Exception {
        // Now, because the first handshakes may come all at once.
        WebSocketServerComponents.ensureWebSocketComponents(getServer());
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // The raw path, because SDKs encode the = of an id and other callers the @ of @connections.
        String rawPath = request.getHttpURI().getPath();
        List<String> path = rawPath == null ? List.of() : List.of(rawPath.split("/"));
        boolean handshake = path.equals(List.of("", stage)) && ConnectRoute.wants(request);
        boolean managed = path.size() > 2
                && path.get(1).equals(stage)
                && URIUtil.decodePath(path.get(2)).equals("@connections");
        if (!handshake && !managed) {
            return false;
        }
        if (rejecting) {
            CLOSING.write(response, callback);
        } else if (handshake) {
            connect.handle(request, response, callback);
        } else if (path.size() == 4) {
            management.handle(URIUtil.decodePath(path.get(3)), request, response, callback);
        } else {
            ManagementApi.UNSIGNED.write(response, callback);
        }
        return true;
    }
}
