package io.github.visitorcounter.benchmark.visitors;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A visitor's socket. Used by the visitors' thread only. */
final class VisitorSocket {

    private static final String SWITCHING = "HTTP/1.1 101 ";
    private static final String END_OF_HEADERS = "\r\n\r\n";
    private static final int TIMES_REJECTED = 5;

    private final Visitor visitor;
    private final URI address;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocate(Frames.MAX_LENGTH + 100);
    private SocketChannel channel;
    private int timesRejected;
    private boolean open;

    private VisitorSocket(Visitor visitor, URI address, Selector selector) throws IOException {
        this.visitor = visitor;
        this.address = address;
        this.selector = selector;
        this.channel = connect();
    }

    static VisitorSocket connect(Visitor visitor, URI address, Selector selector) throws IOException {
        return new VisitorSocket(visitor, address, selector);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel connecting = SocketChannel.open();
        connecting.configureBlocking(false);
        connecting.register(selector, SelectionKey.OP_CONNECT, this);
        connecting.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        return connecting;
    }

    void ready(SelectionKey key) {
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                write(Frames.handshake(address.getAuthority(), address.getPath()));
            } else if (key.isReadable()) {
                read();
            }
        } catch (IOException | RuntimeException failure) {
            end(failure);
        }
    }

    /** Closes the connection as a browser does; it ends with the server's close frame. */
    void disconnect() {
        try {
            write(Frames.goodbye());
        } catch (IOException failure) {
            end(failure);
        }
    }

    void end(Exception why) {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            why.addSuppressed(alreadyBroken);
        }
        visitor.end(why);
    }

    private void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("The socket's buffer has no room for a few bytes");
        }
    }

    private void read() throws IOException {
        if (channel.read(in) < 0) {
            end(new IOException("Closed by the server"));
            return;
        }
        in.flip();
        if (!open) {
            readHandshake();
        }
        if (open) {
            Frames.read(in, this::frame);
        }
        in.compact();
    }

    private void readHandshake() throws IOException {
        String head = StandardCharsets.US_ASCII.decode(in.duplicate()).toString();
        int end = head.indexOf(END_OF_HEADERS);
        if (end < 0) {
            return;
        }
        if (!head.startsWith(SWITCHING)) {
            rejected(head.lines().findFirst().orElse(""));
            return;
        }
        in.position(in.position() + end + END_OF_HEADERS.length());
        open = true;
        visitor.accept(System.nanoTime());
    }

    /** Retries, like the element, but at once. */
    private void rejected(String answer) throws IOException {
        timesRejected++;
        if (timesRejected > TIMES_REJECTED) {
            throw new IOException("Rejected: " + answer);
        }
        channel.close();
        in.clear().flip();
        channel = connect();
    }

    private void frame(int opcode, byte[] bytes, int offset, int length) {
        if (opcode == Frames.TEXT) {
            visitor.receive(Shown.parse(bytes, offset, length), System.nanoTime());
        } else if (opcode == Frames.CLOSE) {
            end(new IOException("Closed"));
        }
    }
}
