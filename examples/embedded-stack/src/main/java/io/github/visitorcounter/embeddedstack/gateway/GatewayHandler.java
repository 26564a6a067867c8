package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

import java.util.List;

/** Handles handshakes, management calls, and requests for the stage; passes on all other requests. */
final class GatewayHandler extends Handler.Abstract {

    private static final HttpAnswer CLOSING =
            HttpAnswer.json(503, "ServiceUnavailableException", "Service Unavailable");

    /** The answer for an unknown stage. */
    private static final HttpAnswer FORBIDDEN = HttpAnswer.json(403, "ForbiddenException", "Forbidden");

    private static final HttpAnswer UPGRADE_REQUIRED =
            HttpAnswer.json(426, "UpgradeRequiredException", "Upgrade Required");
    private static final String CONNECTIONS = "@connections";

    private final String stage;
    private final ConnectRoute connect;
    private final ManagementApi management;
    private volatile boolean rejecting;

    GatewayHandler(String stage, ConnectRoute connect, ManagementApi management) {
        this.stage = stage;
        this.connect = connect;
        this.management = management;
    }

    /** Rejects handshakes from now on. */
    void reject() {
        rejecting = true;
    }

    @Override
    protected void doStart() throws Exception {
        // Loaded now, because the first handshakes may be concurrent.
        WebSocketServerComponents.ensureWebSocketComponents(getServer());
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // The raw path, because SDKs encode the = of an id and other callers the @ of @connections.
        String rawPath = request.getHttpURI().getPath();
        List<String> path = rawPath == null ? List.of() : List.of(rawPath.split("/"));
        boolean handshake = ConnectRoute.wants(request);
        boolean onStage = path.size() > 1 && path.get(1).equals(stage);
        boolean atStage = onStage && path.size() == 2;
        boolean managed = part(path, 2).equals(CONNECTIONS);
        if (!handshake && !managed && !atStage && !part(path, 1).equals(CONNECTIONS)) {
            return false;
        }
        if (!onStage || (handshake && !atStage)) {
            FORBIDDEN.write(response, callback);
        } else if (handshake && rejecting) {
            CLOSING.write(response, callback);
        } else if (handshake) {
            connect.handle(request, response, callback);
        } else if (!managed) {
            // Not documented by AWS; RFC 9110 requires the header.
            response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
            UPGRADE_REQUIRED.write(response, callback);
        } else if (path.size() == 4) {
            management.handle(URIUtil.decodePath(path.get(3)), request, response, callback);
        } else {
            ManagementApi.UNSIGNED.write(response, callback);
        }
        return true;
    }

    /** Returns a decoded segment of the path; empty if the path is shorter. */
    private static String part(List<String> path, int index) {
        return path.size() > index ? URIUtil.decodePath(path.get(index)) : "";
    }
}
