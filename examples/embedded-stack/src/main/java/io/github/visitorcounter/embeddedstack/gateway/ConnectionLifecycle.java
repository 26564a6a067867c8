package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.Meter;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** Handles established connections: their messages, time limits and closing. Thread-safe. */
final class ConnectionLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLifecycle.class);
    // For clients that do not answer or do not read a close frame.
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    private final WebSocketApi api;
    private final Connections connections;
    private final MessageRoute messages;
    private final DisconnectRoute disconnects;
    private final Meter meter;
    private volatile boolean goingAway;

    ConnectionLifecycle(
            WebSocketApi api,
            Connections connections,
            MessageRoute messages,
            DisconnectRoute disconnects,
            Meter meter) {
        this.api = api;
        this.connections = connections;
        this.messages = messages;
        this.disconnects = disconnects;
        this.meter = meter;
    }

    void opened(Connection connection) {
        meter.connectionAccepted();
        if (goingAway) {
            goAway(connection);
        }
    }

    /** The 101 could not be sent: the connection was never established, and {@code $disconnect} does not run. */
    void neverOpened(Connection connection, Throwable cause) {
        connections.remove(connection);
        connection.neverOpened(cause);
        meter.connectionRejected();
    }

    void received(Connection connection, String message, int bytes) {
        connection.active();
        meter.clientMessage(bytes);
        messages.handle(connection, message);
    }

    /** Later posts are answered 410, and after the closing handshake {@code $disconnect} runs. */
    void close(Connection connection, int statusCode, String reason) {
        connections.remove(connection);
        connection.close(statusCode, reason);
    }

    void closed(Connection connection, Connection.End end) {
        connections.remove(connection);
        Duration lasted = connection.openFor();
        connection.ended();
        var unused = disconnects
                .run(connection, end)
                .whenComplete((done, failure) -> connection.finished().complete(null));
        meter.connectionClosed(lasted);
    }

    void closeAll() {
        goingAway = true;
        connections.open().forEach(this::goAway);
    }

    /**
     * Checks the time limits of all connections, instead of a timer for each. Must be called at least once a second.
     */
    void enforceTimeLimits() {
        try {
            for (Connection connection : connections.unfinished()) {
                if (connection.closingFor().compareTo(CLOSE_GRACE) > 0) {
                    connection.abort();
                }
            }
            for (Connection connection : connections.open()) {
                if (connection.idleFor().compareTo(api.idleTimeout()) >= 0
                        || connection.openFor().compareTo(api.maximumDuration()) >= 0) {
                    goAway(connection);
                }
            }
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.error("Time limits of connections not checked", e);
        }
    }

    private void goAway(Connection connection) {
        close(connection, CloseStatus.SHUTDOWN, "Going away");
    }
}
