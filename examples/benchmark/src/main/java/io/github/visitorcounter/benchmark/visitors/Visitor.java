package io.github.visitorcounter.benchmark.visitors;

import java.util.concurrent.CompletableFuture;

/**
 * One visitor: the messages that its page has received and shows. Written by the visitors' thread, read by any. Times
 * are {@link System#nanoTime}.
 */
public final class Visitor {

    /**
     * The state of a visitor at one moment.
     *
     * @param page the shown numbers; {@link Shown#NOTHING} before the first message
     * @param changedAt since when it shows them
     * @param messages the number of received messages
     * @param acceptedAt when its handshake was answered with 101
     */
    public record View(Shown page, long changedAt, long messages, long acceptedAt) {}

    private final Page page;
    private final CompletableFuture<Visitor> accepted = new CompletableFuture<>();
    private final CompletableFuture<Visitor> gone = new CompletableFuture<>();
    private Shown shown = Shown.NOTHING;
    private long changedAt;
    private long messages;
    private long acceptedAt;

    Visitor(Page page) {
        this.page = page;
    }

    /** Completes when the handshake is answered with 101; fails when it is rejected. */
    public CompletableFuture<Visitor> accepted() {
        return accepted;
    }

    /** Completes when the socket is closed by either side. */
    public CompletableFuture<Visitor> gone() {
        return gone;
    }

    /** Returns the current state. */
    public synchronized View view() {
        return new View(shown, changedAt, messages, acceptedAt);
    }

    void accept(long now) {
        synchronized (this) {
            acceptedAt = now;
            changedAt = now;
        }
        accepted.complete(this);
    }

    synchronized void receive(Shown received, long now) {
        messages++;
        if (page.replaces(shown, received)) {
            if (!received.equals(shown)) {
                changedAt = now;
            }
            shown = received;
        }
    }

    void end(Exception why) {
        accepted.completeExceptionally(why);
        gone.complete(this);
    }
}
