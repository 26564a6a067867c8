package io.github.visitorcounter.benchmark.visitors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Visitors with real sockets in one thread: a selector, and about one kilobyte for each. Thread-safe. It runs in the
 * JVM of the stack, so its CPU time is part of every measurement, for both designs.
 */
public final class VirtualVisitors implements AutoCloseable {

    private static final long JOIN_MILLIS = 5_000;

    private final URI address;
    private final Page page;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Visitor, VisitorSocket> sockets = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    private VirtualVisitors(URI address, Page page, Selector selector) {
        this.address = address;
        this.page = page;
        this.selector = selector;
        this.thread = new Thread(this::run, "virtual-visitors");
        thread.setDaemon(true);
    }

    /**
     * Creates an instance without visitors.
     *
     * @param address the WebSocket address
     * @param page how their pages select the message to show
     */
    public static VirtualVisitors at(URI address, Page page) {
        try {
            VirtualVisitors virtualVisitors = new VirtualVisitors(address, page, Selector.open());
            virtualVisitors.thread.start();
            return virtualVisitors;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts the handshakes of new visitors, all at the same time. */
    public List<Visitor> connect(int number) {
        List<Visitor> visitors = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            visitors.add(new Visitor(page));
        }
        run(() -> visitors.forEach(this::connect));
        return visitors;
    }

    /** Starts to close the sockets, as browsers do when a page is closed. */
    public void disconnect(Collection<Visitor> visitors) {
        run(() -> visitors.forEach(visitor -> socket(visitor).disconnect()));
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void connect(Visitor visitor) {
        try {
            sockets.put(visitor, VisitorSocket.connect(visitor, address, selector));
        } catch (IOException failure) {
            visitor.end(failure);
        }
    }

    private VisitorSocket socket(Visitor visitor) {
        VisitorSocket socket = sockets.remove(visitor);
        if (socket == null) {
            throw new IllegalStateException("This visitor has disconnected before");
        }
        return socket;
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(VirtualVisitors::ready);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            sockets.values().forEach(socket -> socket.end(new IOException("The virtual visitors were closed")));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void ready(SelectionKey key) {
        ((VisitorSocket) key.attachment()).ready(key);
    }
}
