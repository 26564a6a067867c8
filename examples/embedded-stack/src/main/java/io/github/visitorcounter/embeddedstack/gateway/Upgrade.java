package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Answers a handshake with 101 and opens the connection. */
final class Upgrade {

    // Frames over API Gateway's limit are read up to this size: closing with unread bytes would reset the TCP
    // connection, and the client would not receive the 1009.
    private static final int READABLE_FRAME_BYTES = 1024 * 1024;

    private final Connections connections;
    private final ConnectionLifecycle lifecycle;
    private final Configuration.ConfigurationCustomizer configuration = new Configuration.ConfigurationCustomizer();

    Upgrade(Connections connections, ConnectionLifecycle lifecycle) {
        this.connections = connections;
        this.lifecycle = lifecycle;
        // Jetty counts pings as activity, API Gateway does not; see ConnectionLifecycle.
        configuration.setIdleTimeout(Duration.ZERO);
        configuration.setMaxFrameSize(READABLE_FRAME_BYTES);
        configuration.setAutoFragment(false);
    }

    void accept(
            Connection connection,
            Optional<String> subprotocol,
            Request request,
            Response response,
            Callback callback) {
        Server server = request.getConnectionMetaData().getConnector().getServer();
        WebSocketMappings mappings = new WebSocketMappings(WebSocketServerComponents.getWebSocketComponents(server));
        // Added before the client receives its answer, so that posts that the client causes succeed; such a post
        // waits until the connection is open.
        connections.add(connection);
        Callback answered = new Callback.Nested(callback) {
            @Override
            public void failed(Throwable failure) {
                lifecycle.neverOpened(connection, failure);
                super.failed(failure);
            }
        };
        WebSocketNegotiator negotiator = (upgradeRequest, upgradeResponse, ignored) -> {
            // API Gateway negotiates no extension, above all no compression.
            upgradeResponse.setExtensions(List.of());
            subprotocol.ifPresent(upgradeResponse::setAcceptedSubProtocol);
            return new ConnectionSocket(connection, lifecycle);
        };
        try {
            if (!mappings.upgrade(negotiator, request, response, answered, configuration)) {
                answered.failed(new IllegalStateException("Not a WebSocket handshake of HTTP/1.1"));
            }
        } catch (RuntimeException e) {
            answered.failed(e);
        }
    }
}
