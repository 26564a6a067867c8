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

/**
 * The HTTP server of everything but DynamoDB. It binds its port before its handlers are created, because they need the
 * port.
 */
final class StackServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StackServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_THREADS = 64;
    /**
     * Larger than the gateway's own limits of URL and headers, so that the gateway answers requests over its limits.
     */
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    /** Large enough for a thousand clients that connect at the same time. */
    private static final int ACCEPT_QUEUE = 4096;
    /** The response to a synchronous invocation may take as long as a function may run, which is 15 minutes. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(16);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
    /** Browsers keep idle connections open; stopping does not wait for them. */
    private static final Duration SHUTDOWN_IDLE_TIMEOUT = Duration.ofMillis(50);

    private final Server server;
    private final ServerConnector connector;

    private StackServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Binds the port. Clients that connect before {@link #serve} wait.
     *
     * @param port 0 for any free one
     * @throws StackStartException if it is in use
     */
    static StackServer bind(int port) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("embedded-stack");
        threads.setDaemon(true);
        Server server = new Server(threads);
        server.setErrorHandler(new ErrorAnswers());
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
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
        return new StackServer(server, connector);
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
            connector.close(); // The server may not have started.
        } catch (Exception e) {
            LOG.warn("The web server did not stop cleanly", e);
        }
    }
}
