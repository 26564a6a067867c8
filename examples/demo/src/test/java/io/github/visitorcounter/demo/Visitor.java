package io.github.visitorcounter.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An open page: a socket and its received messages. Thread-safe. */
final class Visitor implements WebSocket.Listener {

    /** The numbers that a page shows. */
    record Shown(long live, long total, long version) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;
    private static final int TIMES_REJECTED = 5;

    private final List<Shown> received = new ArrayList<>();
    private final Map<String, Shown> newest = new TreeMap<>();
    private final StringBuilder partial = new StringBuilder();
    private WebSocket socket;

    /** Opens a number of pages at the same time. */
    static List<Visitor> connect(HttpClient client, EmbeddedStack stack, int number)
            throws InterruptedException, ExecutionException, TimeoutException {
        return connect(client, stack.endpoints().websocket(), number);
    }

    /** Opens a number of pages at the same time, whose sockets have this address. */
    static List<Visitor> connect(HttpClient client, URI address, int number)
            throws InterruptedException, ExecutionException, TimeoutException {
        return connect(client, Collections.nCopies(number, address));
    }

    /** Opens pages at the same time, whose sockets have these addresses. */
    static List<Visitor> connect(HttpClient client, List<URI> addresses)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<CompletableFuture<Visitor>> arriving = new ArrayList<>();
        for (URI address : addresses) {
            arriving.add(connect(client, address));
        }
        return all(arriving);
    }

    private static List<Visitor> all(List<CompletableFuture<Visitor>> arriving)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Visitor> visitors = new ArrayList<>();
        for (CompletableFuture<Visitor> visitor : arriving) {
            visitors.add(visitor.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        return visitors;
    }

    /** Opens pages at the same time, which retry after a rejection, as the element does. */
    static List<Visitor> insist(HttpClient client, List<URI> addresses)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<CompletableFuture<Visitor>> arriving = new ArrayList<>();
        for (URI address : addresses) {
            CompletableFuture<Visitor> arrival = connect(client, address);
            for (int again = 0; again < TIMES_REJECTED; again++) {
                arrival = arrival.exceptionallyCompose(rejected -> connect(client, address));
            }
            arriving.add(arrival);
        }
        return all(arriving);
    }

    /** Opens a page with an id, for instance {@code visit=1}. */
    static Visitor connect(HttpClient client, EmbeddedStack stack, String query)
            throws InterruptedException, ExecutionException, TimeoutException {
        URI address = URI.create(stack.endpoints().websocket() + "?" + query);
        return connect(client, address).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Like a browser that shows the stack's own page. */
    private static CompletableFuture<Visitor> connect(HttpClient client, URI address) {
        Visitor visitor = new Visitor();
        WebSocket.Builder opening = client.newWebSocketBuilder().header("Origin", "http://" + address.getAuthority());
        return opening.buildAsync(address, visitor).thenApply(socket -> {
            visitor.socket = socket;
            return visitor;
        });
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            receive(partial.toString());
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    private synchronized void receive(String text) {
        try {
            JsonNode frame = JSON.readTree(text);
            Shown count = new Shown(
                    frame.get("live").longValue(),
                    frame.get("total").longValue(),
                    frame.get("version").longValue());
            received.add(count);
            newest.merge(
                    frame.get("counter").textValue(),
                    count,
                    (before, now) -> now.version() > before.version() ? now : before);
            notifyAll();
        } catch (JsonProcessingException notACount) {
            throw new IllegalStateException("Not a count: " + text, notACount);
        }
    }

    /** Returns the shown numbers: the received ones with the highest version. */
    synchronized Shown shown() {
        Shown newest = new Shown(-1, -1, -1);
        for (Shown count : received) {
            newest = count.version() > newest.version() ? count : newest;
        }
        return newest;
    }

    /** Returns all received numbers, in order. */
    synchronized List<Shown> received() {
        return List.copyOf(received);
    }

    /** Returns the counters of the received numbers. */
    synchronized Set<String> counters() {
        return Set.copyOf(newest.keySet());
    }

    synchronized int messages() {
        return received.size();
    }

    /** Waits until the page shows these numbers. */
    synchronized void awaits(long live, long total) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (shown().live() != live || shown().total() != total) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("Waited for live " + live + ", total " + total + "; shown: " + shown());
            }
            wait(left);
        }
    }

    /** Waits until the page shows these numbers of a counter. */
    synchronized void awaits(String counter, long live, long total) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Shown none = new Shown(-1, -1, -1);
        for (Shown now = newest.getOrDefault(counter, none);
                now.live() != live || now.total() != total;
                now = newest.getOrDefault(counter, none)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException(
                        "Waited for live " + live + ", total " + total + " of " + counter + "; shown: " + newest);
            }
            wait(left);
        }
    }

    /** Requests the count of a counter, and waits for the answer. */
    void ask(String counter) throws InterruptedException, TimeoutException {
        int before = messages();
        socket.sendText("{\"action\":\"count\",\"counter\":\"" + counter + "\"}", true)
                .join();
        awaitsMessages(before + 1);
    }

    /** Requests the count, and waits for the answer. */
    void ask() throws InterruptedException, TimeoutException {
        int before = messages();
        socket.sendText("{\"action\":\"count\"}", true).join();
        awaitsMessages(before + 1);
    }

    private synchronized void awaitsMessages(int number) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (received.size() < number) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("Waited for " + number + " messages; received: " + received);
            }
            wait(left);
        }
    }

    /** Closes the socket as a browser does when a page is closed. */
    void disconnect() {
        socket.sendClose(1001, "").join();
    }

    /** Ends without a close frame, like a killed browser. */
    void kill() {
        socket.abort();
    }
}
