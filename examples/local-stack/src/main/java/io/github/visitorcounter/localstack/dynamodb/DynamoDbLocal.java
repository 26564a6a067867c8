package io.github.visitorcounter.localstack.dynamodb;

import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Amazon's DynamoDB Local, in memory, as a Jetty handler, and the threads that it starts. They are not daemons, and its
 * time-to-live job sleeps for ten seconds at a time, closed or not; its threads are kept in a group so that it can be woken.
 *
 * <p>Its own server would listen on all interfaces and report usage to Amazon; embedded like this it sends nothing.
 */
final class DynamoDbLocal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbLocal.class);

    private final ThreadGroup threads = new ThreadGroup("dynamodb-local");
    private final LocalDynamoDBServerHandler serverHandler;
    private final Handler handler;

    /**
     * Sets up an empty database.
     *
     * @throws IllegalStateException if that fails
     */
    DynamoDbLocal() {
        FutureTask<LocalDynamoDBServerHandler> setUp = new FutureTask<>(
                () -> new LocalDynamoDBServerHandler(new LocalDynamoDBRequestHandler(0, true, null, true, false), "*"));
        new Thread(threads, setUp, "dynamodb-local-setup").start();
        try {
            serverHandler = setUp.get();
            handler = new DynamoDBProxyServer(0, serverHandler).setUpHandler(serverHandler);
        } catch (ExecutionException e) {
            throw new IllegalStateException("DynamoDB Local could not be set up: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while DynamoDB Local was set up", e);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local could not be set up: " + e.getMessage(), e);
        }
    }

    Handler handler() {
        return handler;
    }

    @Override
    public void close() {
        try {
            serverHandler.close();
        } catch (Exception e) {
            LOG.warn("DynamoDB Local did not stop cleanly", e);
        }
        threads.interrupt();
    }
}
