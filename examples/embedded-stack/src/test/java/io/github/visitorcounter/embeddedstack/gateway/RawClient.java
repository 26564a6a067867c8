package io.github.visitorcounter.embeddedstack.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket client that writes bytes, for frames and errors that regular clients cannot produce. */
final class RawClient implements AutoCloseable {

    /** A received frame. */
    record Frame(boolean fin, int opcode, ByteBuffer payload) {

        int closeCode() {
            return payload.getShort(0);
        }

        String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    private final Socket socket = new Socket();
    private final TestGateway gateway;
    private final DataInputStream in;

    RawClient(TestGateway gateway) throws IOException {
        this.gateway = gateway;
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        in = new DataInputStream(socket.getInputStream());
    }

    RawClient startHandshake(String... moreHeaders) throws IOException {
        String more = moreHeaders.length == 0 ? "" : String.join("\r\n", moreHeaders) + "\r\n";
        return write(("GET /local HTTP/1.1\r\nHost: raw\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** The status line, headers and, if a length is given, the body of an HTTP response. */
    String response() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        if (length.find()) {
            head.append(new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8));
        }
        if (head.indexOf("HTTP/1.1 101 ") == 0) {
            gateway.accepted.incrementAndGet();
        }
        return head.toString();
    }

    RawClient write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** A masked frame; the mask is zero, which is allowed and leaves the payload as it is. */
    RawClient frame(boolean fin, int opcode, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write((fin ? 0x80 : 0) | opcode);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65536) {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            frame.writeBytes(new byte[4]);
            frame.write(payload.length >> 24);
            frame.write(payload.length >> 16);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return write(frame.toByteArray());
    }

    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame((first & 0x80) != 0, first & 0x0f, ByteBuffer.wrap(in.readNBytes((int) length)));
    }

    /** Resets the TCP connection. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
