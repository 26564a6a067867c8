package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A bounded queue of the messages to one client, sent in order and in frames of at most 32 KB. Thread-safe. */
final class SendQueue {

    /**
     * The capacity for a client that does not read, in addition to the operating system's socket buffers. AWS does not
     * publish its own limit; this one fits two messages of the maximum size.
     */
    static final int CAPACITY_BYTES = 2 * Limits.MESSAGE_BYTES;

    private final CoreSession session;
    private final AtomicInteger waitingBytes = new AtomicInteger();

    SendQueue(CoreSession session) {
        this.session = session;
    }

    /** Queues a text message; returns false if the client's buffer is full. */
    boolean offer(byte[] utf8) {
        if (waitingBytes.addAndGet(utf8.length) > CAPACITY_BYTES) {
            waitingBytes.addAndGet(-utf8.length);
            return false;
        }
        Callback sent = Callback.from(() -> waitingBytes.addAndGet(-utf8.length));
        send(utf8, sent);
        return true;
    }

    /** The frames of two messages must not be interleaved. */
    private synchronized void send(byte[] utf8, Callback sent) {
        int from = 0;
        do {
            int length = Math.min(Limits.FRAME_BYTES, utf8.length - from);
            boolean last = from + length == utf8.length;
            Frame frame = new Frame(from == 0 ? OpCode.TEXT : OpCode.CONTINUATION)
                    .setPayload(ByteBuffer.wrap(utf8, from, length))
                    .setFin(last);
            session.sendFrame(frame, last ? sent : Callback.NOOP, false);
            from += length;
        } while (from < utf8.length);
    }
}
