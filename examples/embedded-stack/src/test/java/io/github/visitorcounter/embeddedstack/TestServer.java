package io.github.visitorcounter.embeddedstack;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.util.function.IntFunction;

/** One handler on a loopback port. */
public final class TestServer implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    private TestServer(IntFunction<Handler> handler) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(16);
        threads.setName("test-server");
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        connector.open();
        server.setHandler(handler.apply(connector.getLocalPort()));
        server.start();
    }

    /** Starts a server with a handler that does not need the port. */
    public static TestServer of(Handler handler) throws Exception {
        return new TestServer(port -> handler);
    }

    /** Starts a server with a handler that is created with the port. */
    public static TestServer at(IntFunction<Handler> handler) throws Exception {
        return new TestServer(handler);
    }

    /** The bound port. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The test's server did not stop", e);
        }
    }
}
