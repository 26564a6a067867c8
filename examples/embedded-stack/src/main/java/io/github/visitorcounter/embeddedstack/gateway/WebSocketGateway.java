package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import io.github.visitorcounter.embeddedstack.control.Meter;
import io.github.visitorcounter.embeddedstack.lambda.FunctionInvoker;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * API Gateway for one WebSocket API: the sockets at {@code /{stage}} and the management API at
 * {@code /{stage}/@connections/{connectionId}}. It behaves as AWS documents, except that account-wide rate limits are
 * not emulated and signatures are required but not verified. Thread-safe.
 *
 * @since 0.1.0
 */
public final class WebSocketGateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketGateway.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Connections connections = new Connections();
    private final HungRequests hung = new HungRequests();
    private final ScheduledThreadPoolExecutor timer;
    private final Integrations integrations;
    private final DisconnectRoute disconnects;
    private final ConnectionLifecycle lifecycle;
    private final GatewayHandler handler;

    /**
     * Creates a gateway; it is active when its {@link #handler()} is part of a started server.
     *
     * @param api the API to serve
     * @param apiArn the API, {@code arn:aws:execute-api:region:account:api}, for the policies of authorizers
     * @param invoker runs the functions of the routes
     * @param faults which faults to inject
     * @param meter counts every connection, message and post
     * @param clock the time in events and descriptions; time limits use the system clock
     * @param random the source of random ids; used by one thread at a time
     */
    public WebSocketGateway(
            WebSocketApi api,
            String apiArn,
            FunctionInvoker invoker,
            FaultInjector faults,
            Meter meter,
            Clock clock,
            RandomGenerator random) {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "websocket-gateway-timer");
            thread.setDaemon(true);
            return thread;
        });
        AwsIds ids = new AwsIds(random);
        Events events = new Events(api, ids, clock);
        integrations = new Integrations(invoker, api.integrationTimeout());
        Authorization authorization = new Authorization(api, apiArn, events, integrations);
        MessageRoute messages = new MessageRoute(api, events, integrations, meter);
        disconnects = new DisconnectRoute(api, events, integrations, faults, timer);
        lifecycle = new ConnectionLifecycle(api, connections, messages, disconnects, meter);
        Upgrade upgrade = new Upgrade(connections, lifecycle);
        handler = new GatewayHandler(
                api.stage(),
                new ConnectRoute(api, events, authorization, integrations, ids, clock, upgrade, meter),
                new ManagementApi(connections, lifecycle, faults, hung, ids, meter, timer));
        scheduleLooks(api);
    }

    /**
     * The Jetty handler: it handles handshakes at {@code /{stage}} and calls of {@code /{stage}/@connections}, and
     * passes on all other requests.
     *
     * @return the handler, for one server
     */
    public Handler handler() {
        return handler;
    }

    /**
     * Closes every connection with 1001 and waits until their {@code $disconnect}s have run, for a few seconds at most;
     * those that have not started by then do not run. Must be called before the functions and the server stop. New
     * handshakes are answered 503, and posts 410, as for a closed connection.
     */
    @Override
    public void close() {
        handler.reject();
        hung.releaseAll();
        lifecycle.closeAll();
        CompletableFuture<?>[] unfinished =
                connections.unfinished().stream().map(Connection::finished).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(unfinished).get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.info(
                    "The stack is closed before the $disconnect of {} connections has run",
                    connections.unfinished().size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Connections finish normally", e);
        } finally {
            disconnects.close();
            integrations.close();
            connections.unfinished().forEach(Connection::abort);
            timer.shutdownNow();
        }
    }

    /** The interval depends on the time limits, which are short in tests. */
    private void scheduleLooks(WebSocketApi api) {
        Duration shortest =
                api.idleTimeout().compareTo(api.maximumDuration()) < 0 ? api.idleTimeout() : api.maximumDuration();
        long millis = Math.max(10, Math.min(1000, shortest.toMillis() / 10));
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    lifecycle.enforceTimeLimits();
                    hung.releaseLeft();
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }
}
