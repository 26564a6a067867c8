package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.Meter;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** What happens to an established connection: its messages, its time limits, its end. Thread-safe. */
final class ConnectionLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLifecycle.class);
    // For clients that do not answer a close frame, or do not even read it.
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

    /** The 101 could not be sent: there never was a connection, and no {@code $disconnect} runs. */
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

    /** From now on posts find it gone, and after the closing handshake {@code $disconnect} runs. */
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

    /** One look at every connection, instead of timers for each: called every second or more often. */
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
