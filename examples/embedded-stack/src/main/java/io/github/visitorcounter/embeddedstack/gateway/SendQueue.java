package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** The messages on their way to one client: in order, in frames of at most 32 KB, and bounded. Thread-safe. */
final class SendQueue {

    /**
     * What may wait for a client that does not read, beside what the operating system's socket buffers hold. AWS does not
     * publish its own number; this one has room for two of the largest messages.
     */
    static final int CAPACITY_BYTES = 2 * Limits.MESSAGE_BYTES;

    private final CoreSession session;
    private final AtomicInteger waitingBytes = new AtomicInteger();

    SendQueue(CoreSession session) {
        this.session = session;
    }

    /** Queues a text message; false if the client's buffer is full. */
    boolean offer(byte[] utf8) {
        if (waitingBytes.addAndGet(utf8.length) > CAPACITY_BYTES) {
            waitingBytes.addAndGet(-utf8.length);
            return false;
        }
        Callback sent = Callback.from(() -> waitingBytes.addAndGet(-utf8.length));
        send(utf8, sent);
        return true;
    }

    /** The frames of two messages must not mix. */
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
