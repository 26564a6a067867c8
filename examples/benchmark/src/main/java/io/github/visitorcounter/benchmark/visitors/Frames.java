package io.github.visitorcounter.benchmark.visitors;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The part of RFC 6455 that virtual visitors need: receiving short text messages, and closing. */
final class Frames {

    static final int TEXT = 1;
    static final int CLOSE = 8;
    /** The maximum message size, which is far larger than a count. */
    static final int MAX_LENGTH = 1_000;

    private static final int FINAL = 0x80;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTE_LENGTH = 126;
    private static final int GOING_AWAY = 1001;

    private Frames() {}

    /** Receives frames; the payload is in the array only during the call. */
    interface Listener {
        void frame(int opcode, byte[] bytes, int offset, int length);
    }

    /** Reads all complete frames of a buffer that is ready for reading; the rest remains in it. */
    static void read(ByteBuffer in, Listener listener) {
        while (in.remaining() >= 2) {
            int begin = in.position();
            int first = in.get(begin) & 0xff;
            int length = in.get(begin + 1) & 0xff;
            int header = 2;
            if (length == TWO_BYTE_LENGTH) {
                if (in.remaining() < 4) {
                    return;
                }
                length = in.getShort(begin + 2) & 0xffff;
                header = 4;
            }
            if ((first & FINAL) == 0 || length > MAX_LENGTH) {
                throw new IllegalStateException("A fragment or a frame of " + length + " bytes; visitors read whole"
                        + " frames up to " + MAX_LENGTH);
            }
            if (in.remaining() < header + length) {
                return;
            }
            listener.frame(first & OPCODE, in.array(), in.arrayOffset() + begin + header, length);
            in.position(begin + header + length);
        }
    }

    /** The close frame of a browser when a page is closed. The mask is zero, because it only protects proxies. */
    static ByteBuffer goodbye() {
        ByteBuffer frame = ByteBuffer.allocate(8);
        frame.put((byte) (FINAL | CLOSE)).put((byte) (MASKED | 2)).putInt(0).putShort((short) GOING_AWAY);
        return frame.flip();
    }

    /** The client's side of the handshake. */
    static ByteBuffer handshake(String authority, String path) {
        return StandardCharsets.US_ASCII.encode("GET " + path + " HTTP/1.1\r\n"
                + "Host: " + authority + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dmlzaXRvciBjb3VudGVyIQ==\r\n\r\n");
    }
}
