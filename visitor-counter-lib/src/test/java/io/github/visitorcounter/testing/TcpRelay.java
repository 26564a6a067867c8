package io.github.visitorcounter.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP proxy that records what clients send and counts their connections. */
public final class TcpRelay implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServerSocket server;
    private final URI target;
    private final StringBuilder seen = new StringBuilder();
    private int accepted;
    private int open;

    /** Starts a proxy to the server at this address. */
    public TcpRelay(URI target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start("relay", this::accept);
    }

    /** Returns the address for clients, with the target's path. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + target.getPath());
    }

    /** Returns and clears what was sent since the last call. */
    public synchronized String takeRequests() {
        String requests = seen.toString();
        seen.setLength(0);
        return requests;
    }

    /** Returns the number of connections so far. */
    public synchronized int accepted() {
        return accepted;
    }

    /** Waits until no connection is open. */
    public synchronized void awaitNoneOpen() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (open > 0) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(open + " connections are still open");
            }
            wait(left);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(target.getHost(), target.getPort());
                opened();
                start("relay-requests", () -> pump(client, upstream, true));
                start("relay-answers", () -> pump(upstream, client, false));
            }
        } catch (IOException closed) {
            // Closed at the end of the test.
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (requests) {
                    record(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException closed) {
            // Closed by the other direction.
        }
        if (requests) {
            ended();
        }
    }

    private synchronized void opened() {
        accepted++;
        open++;
    }

    private synchronized void ended() {
        open--;
        notifyAll();
    }

    private synchronized void record(String part) {
        seen.append(part);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
