package io.github.visitorcounter.embeddedstack.client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * An open WebSocket for tests. Its {@code await…} methods wait for an expected message, and fail with the messages that
 * were received instead. Thread-safe.
 *
 * <pre>{@code
 * try (WebSocketClient ann = stack.connect()) {
 *     ann.send("{\"action\":\"say\",\"text\":\"hello\"}");
 *     assertThat(ann.awaitMessage("text", "hello")).contains("\"from\":\"ann\"");
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class WebSocketClient implements AutoCloseable {

    /**
     * How long the methods of a client wait, if nothing else is set: longer than API Gateway waits for an integration.
     */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** The server is on this machine: the JVM's proxy settings are not used. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().proxy(new NoProxy()).build();

    private final ReceivedMessages received = new ReceivedMessages();
    private final Duration timeout;
    private final WebSocket socket;

    private WebSocketClient(Builder builder) {
        this.timeout = builder.timeout;
        WebSocket.Builder opening = HTTP.newWebSocketBuilder().connectTimeout(timeout);
        builder.headers.forEach(opening::header);
        List<String> subprotocols = builder.subprotocols;
        if (!subprotocols.isEmpty()) {
            opening.subprotocols(
                    subprotocols.get(0),
                    subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
        }
        this.socket = await("connected", opening.buildAsync(builder.target(), new Listener()));
    }

    /**
     * How a connection ended.
     *
     * @param code the close frame's code, or 1006 if the connection broke
     * @param reason the close frame's reason; empty if it had none
     */
    public record Close(int code, String reason) {}

    /**
     * Prepares a connection.
     *
     * @param uri where the server is, for instance {@code stack.endpoints().websocket()}
     */
    public static Builder to(URI uri) {
        return new Builder(uri);
    }

    /**
     * Sends a text message.
     *
     * @param message the text
     * @throws AssertionError if it can't be sent within the timeout
     */
    public void send(String message) {
        await("sent", socket.sendText(message, true));
    }

    /**
     * Waits for the next message.
     *
     * @return the first message that no {@code await…} method has returned or skipped yet
     * @throws AssertionError if none is received within the timeout
     */
    public String awaitMessage() {
        return awaitMessage("message", message -> true);
    }

    /**
     * Waits for a message in which a field has a value, at any depth of its JSON. Names and values are compared as
     * text: 2 does not match 2.0.
     *
     * @param field the name
     * @param value a string, a number, a boolean, or null
     * @return the message; those before it are skipped
     * @throws AssertionError if none is received within the timeout; its message lists the messages that were received
     * @throws IllegalArgumentException if the value has another type
     */
    public String awaitMessage(String field, @Nullable Object value) {
        Pattern pattern = JsonField.pattern(field, value);
        return awaitMessage(
                "message with \"" + field + "\": " + JsonField.literal(value),
                message -> pattern.matcher(message).find());
    }

    /**
     * Waits for a message.
     *
     * @param description describes the message in the failure: "No … within PT30S"
     * @param wanted chooses the message
     * @return the message; those before it are skipped
     * @throws AssertionError if none is received within the timeout; its message lists the messages that were received
     */
    public String awaitMessage(String description, Predicate<String> wanted) {
        return received.take(description, wanted, timeout);
    }

    /**
     * Waits until the connection is closed.
     *
     * @return how it ended
     * @throws AssertionError if it is still open after the timeout
     */
    public Close awaitClose() {
        return received.awaitClose(timeout);
    }

    /** Returns all messages received so far, including skipped ones. */
    public List<String> messages() {
        return received.all();
    }

    /** Returns the subprotocol that the server selected; empty if none. */
    public String subprotocol() {
        return socket.getSubprotocol();
    }

    /** Closes the connection with 1000, and waits for the server's close frame for two seconds at most. */
    @Override
    public void close() {
        if (!received.isClosed() && !socket.isOutputClosed()) {
            CompletableFuture<Void> sent =
                    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").handle((done, broken) -> null);
            try {
                sent.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                received.awaitClose(CLOSE_TIMEOUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | AssertionError unanswered) {
                // The server does not answer: the connection is aborted below.
                received.closed(new Close(1006, "The server did not answer the close frame"));
            }
        }
        socket.abort();
    }

    private <T> T await(String done, CompletableFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not " + done + " within " + timeout, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException rejected) {
                throw new HandshakeRejectedException(rejected.getResponse().statusCode(), rejected);
            }
            throw new AssertionError("Not " + done + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before it was " + done, e);
        }
    }

    /** Builds a handshake. Not thread-safe. */
    public static final class Builder {

        private final URI uri;
        private final StringBuilder query = new StringBuilder();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private List<String> subprotocols = List.of();
        private Duration timeout = DEFAULT_TIMEOUT;

        private Builder(URI uri) {
            this.uri = uri;
            query.append(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        }

        /** Adds a query parameter. */
        public Builder query(String name, String value) {
            query.append(query.length() == 0 ? "" : "&")
                    .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            return this;
        }

        /** Adds a header; browsers cannot set headers. */
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Sets the subprotocols that the client offers. */
        public Builder subprotocols(String... offered) {
            subprotocols = List.of(offered);
            return this;
        }

        /** Sets how long {@link #connect()} and the methods of the client wait; {@link #DEFAULT_TIMEOUT} if not set. */
        public Builder timeout(Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /**
         * Opens the connection.
         *
         * @throws HandshakeRejectedException if the server answers with another status than 101
         * @throws AssertionError if it does not answer within the timeout
         */
        public WebSocketClient connect() {
            return new WebSocketClient(this);
        }

        private URI target() {
            String whole = uri.toString().replaceFirst("\\?.*", "");
            return URI.create(query.length() == 0 ? whole : whole + "?" + query);
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket open, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            open.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket closed, int code, String reason) {
            received.closed(new Close(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket broken, Throwable error) {
            received.closed(new Close(1006, String.valueOf(error.getMessage())));
        }
    }

    private static final class NoProxy extends ProxySelector {

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }
}
