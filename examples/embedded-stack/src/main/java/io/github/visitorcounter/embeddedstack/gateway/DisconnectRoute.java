package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code $disconnect} once for each established connection, unless an injected fault drops, delays or repeats it.
 */
final class DisconnectRoute {

    private static final Logger LOG = LoggerFactory.getLogger(DisconnectRoute.class);

    private final WebSocketApi api;
    private final Events events;
    private final Integrations integrations;
    private final FaultInjector injector;
    private final ScheduledExecutorService timer;
    private volatile boolean closed;

    DisconnectRoute(
            WebSocketApi api,
            Events events,
            Integrations integrations,
            FaultInjector injector,
            ScheduledExecutorService timer) {
        this.api = api;
        this.events = events;
        this.integrations = integrations;
        this.injector = injector;
        this.timer = timer;
    }

    /** Completes when the function has answered, also with an error; AWS does not retry. */
    CompletableFuture<Void> run(Connection connection, Connection.End end) {
        Optional<Route> route = api.route(WebSocketApi.DISCONNECT);
        Faults faults = injector.faults();
        if (route.isEmpty() || closed) {
            return CompletableFuture.completedFuture(null);
        }
        if (injector.occurs(faults.loseDisconnectRatio())) {
            LOG.debug("Connection {}: $disconnect lost, an injected fault", connection.id());
            return CompletableFuture.completedFuture(null);
        }
        boolean twice = injector.occurs(faults.duplicateDisconnectRatio());
        return later(faults.delayDisconnectMillis()).thenCompose(now -> {
            Events.Event event = events.disconnect(connection, end);
            CompletableFuture<?> first = integrations.call(route.get().target(), event);
            return twice
                    ? CompletableFuture.allOf(
                            first, integrations.call(route.get().target(), event))
                    : CompletableFuture.allOf(first);
        });
    }

    /** Later disconnects invoke no function: the stack is stopping them. */
    void close() {
        closed = true;
    }

    private CompletableFuture<Void> later(int millis) {
        CompletableFuture<Void> now = new CompletableFuture<>();
        if (millis == 0 || timer.isShutdown()) {
            now.complete(null);
        } else {
            var unused = timer.schedule(() -> now.complete(null), millis, TimeUnit.MILLISECONDS);
        }
        return now;
    }
}
