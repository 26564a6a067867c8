package io.github.visitorcounter.embeddedstack.gateway;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/** A WebSocket client that records received messages. */
final class TestClient implements WebSocket.Listener {

    /** The server's close code and reason. */
    record Close(int code, String reason) {}

    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> fragments = new LinkedBlockingQueue<>();
    final CompletableFuture<Close> closed = new CompletableFuture<>();
    final CompletableFuture<Void> pong = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    WebSocket socket;
    String id;

    static TestClient open(TestGateway gateway, String query, String... subprotocols) throws Exception {
        TestClient client = new TestClient();
        WebSocket.Builder builder = gateway.http.newWebSocketBuilder().header("User-Agent", "test-client");
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
        }
        client.socket = builder.buildAsync(gateway.socketUri(query), client).get(10, SECONDS);
        gateway.accepted.incrementAndGet();
        gateway.clients.add(client);
        return client;
    }

    TestClient send(String message) throws Exception {
        socket.sendText(message, true).get(10, SECONDS);
        return this;
    }

    /** Sends without waiting, for messages that the server may reject or not receive. */
    void trySend(String message) {
        var unused = socket.sendText(message, true);
    }

    void ping() {
        var unused = socket.sendPing(ByteBuffer.wrap(new byte[] {7}));
    }

    void leave(int statusCode, String reason) throws Exception {
        socket.sendClose(statusCode, reason).get(10, SECONDS);
    }

    String next() throws InterruptedException {
        String message = messages.poll(10, SECONDS);
        assertThat(message).as("a message for the client").isNotNull();
        return message;
    }

    Close close() throws Exception {
        return closed.get(10, SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        fragments.add(data.length());
        text.append(data);
        if (last) {
            messages.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        pong.complete(null);
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(new Close(statusCode, reason));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
