package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One connection, from its handshake to the end of its {@code $disconnect}. Thread-safe. */
final class Connection {

    /** The client: {@code host} as the client addressed it, {@code userAgent} null if it sent none. */
    record Client(String host, String sourceIp, @Nullable String userAgent) {}

    /** How a connection ended, as in the {@code $disconnect} event. */
    record End(int statusCode, String reason) {}

    private final String id;
    private final Client client;
    private final Clock clock;
    private final Instant connectedAt;
    private final CompletableFuture<SendQueue> sendQueue = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile @Nullable ObjectNode authorizer;
    private volatile Instant lastActiveAt;
    private volatile long lastActiveNanos;
    private volatile long openedNanos;
    private volatile long closingNanos;
    private volatile @Nullable CoreSession session;
    private volatile @Nullable End serverSideEnd;

    Connection(String id, Client client, Clock clock) {
        this.id = id;
        this.client = client;
        this.clock = clock;
        this.connectedAt = clock.instant();
        this.lastActiveAt = connectedAt;
        this.lastActiveNanos = System.nanoTime();
    }

    String id() {
        return id;
    }

    Client client() {
        return client;
    }

    /** The authorizer's result, for the events; set once, before any event is created. */
    void authorized(@Nullable ObjectNode newAuthorizer) {
        authorizer = newAuthorizer;
    }

    @Nullable
    ObjectNode authorizer() {
        return authorizer;
    }

    Instant connectedAt() {
        return connectedAt;
    }

    Instant lastActiveAt() {
        return lastActiveAt;
    }

    /** Zero during the handshake, which may take longer than the idle timeout. */
    Duration idleFor() {
        return session == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastActiveNanos);
    }

    /** Zero during the handshake. */
    Duration openFor() {
        return session == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - openedNanos);
    }

    /** Zero if the gateway does not close it. */
    Duration closingFor() {
        return serverSideEnd == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - closingNanos);
    }

    /** Records that a message was received or sent. Pings and pongs do not count. */
    void active() {
        lastActiveAt = clock.instant();
        lastActiveNanos = System.nanoTime();
    }

    void opened(CoreSession newSession) {
        openedNanos = System.nanoTime();
        lastActiveNanos = openedNanos;
        session = newSession;
        sendQueue.complete(new SendQueue(newSession));
    }

    /** The handshake's answer could not be sent: the connection was never established. */
    void neverOpened(Throwable cause) {
        sendQueue.completeExceptionally(cause);
        finished.complete(null);
    }

    /** Completes when the handshake's answer has been sent; completes exceptionally if it cannot be sent. */
    CompletionStage<SendQueue> sendQueue() {
        return sendQueue;
    }

    /** Sends a message to the client; it is not sent if it does not fit into the client's buffer. */
    CompletionStage<Boolean> send(String text) {
        return sendQueue.thenApply(queue -> {
            boolean queued = queue.offer(text.getBytes(StandardCharsets.UTF_8));
            if (queued) {
                active();
            }
            return queued;
        });
    }

    /** Starts to close; the {@code $disconnect} event contains the first caller's code and reason. */
    synchronized void close(int statusCode, String reason) {
        CoreSession open = session;
        if (open == null || serverSideEnd != null) {
            return;
        }
        closingNanos = System.nanoTime();
        serverSideEnd = new End(statusCode, reason);
        open.close(statusCode, reason, Callback.NOOP);
    }

    void pong(ByteBuffer payload) {
        CoreSession open = session;
        if (open != null) {
            open.sendFrame(new Frame(OpCode.PONG, payload), Callback.NOOP, false);
        }
    }

    /** Requests the next frame. */
    void readOn() {
        CoreSession open = session;
        if (open != null) {
            open.demand();
        }
    }

    /** Marks it as closed: later calls have no effect. */
    void ended() {
        session = null;
    }

    /** Ends the connection without waiting for the client. */
    void abort() {
        CoreSession open = session;
        if (open != null) {
            open.abort();
        }
    }

    /** Returns how the gateway closed it; null if it did not. */
    @Nullable
    End serverSideEnd() {
        return serverSideEnd;
    }

    /** Completes when {@code $disconnect} has run, or when it is certain that it does not run. */
    CompletableFuture<Void> finished() {
        return finished;
    }
}
