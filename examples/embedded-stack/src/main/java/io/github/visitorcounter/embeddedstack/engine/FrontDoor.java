package io.github.visitorcounter.embeddedstack.engine;

import io.github.visitorcounter.embeddedstack.StackStartException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;

/** The HTTP server of everything but DynamoDB. It has its port before it has its handlers, which depend on the port. */
final class FrontDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAXIMUM_THREADS = 64;
    /** A thousand browsers that connect at once find room here until they are accepted. */
    private static final int ACCEPT_QUEUE = 4096;
    /** A synchronous invocation may stay silent as long as a function may run, which is 15 minutes. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(16);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
    /** Browsers keep connections open that nothing is said on: stopping does not wait for these. */
    private static final Duration SHUTDOWN_IDLE_TIMEOUT = Duration.ofMillis(50);

    private final Server server;
    private final ServerConnector connector;

    private FrontDoor(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Takes the port. Clients that come before {@link #serve} wait.
     *
     * @param port 0 for any free one
     * @throws StackStartException if it is taken
     */
    static FrontDoor bind(int port) {
        QueuedThreadPool threads = new QueuedThreadPool(MAXIMUM_THREADS);
        threads.setName("embedded-stack");
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(LOOPBACK);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_TIMEOUT.toMillis());
        server.addConnector(connector);
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        try {
            connector.open();
        } catch (IOException e) {
            throw new StackStartException(
                    e instanceof BindException || e.getCause() instanceof BindException
                            ? "Port " + port + " on " + LOOPBACK
                                    + " is taken: stop the program that uses it, or choose another port, 0 for any free one."
                            : "Port " + port + " on " + LOOPBACK + " could not be opened: " + e.getMessage(),
                    e);
        }
        return new FrontDoor(server, connector);
    }

    int port() {
        return connector.getLocalPort();
    }

    void serve(Handler handler) {
        server.setHandler(handler);
        try {
            server.start();
        } catch (Exception e) {
            throw new StackStartException("The web server could not start: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
            connector.close(); // In case it never started.
        } catch (Exception e) {
            LOG.warn("The web server did not stop cleanly", e);
        }
    }
}
