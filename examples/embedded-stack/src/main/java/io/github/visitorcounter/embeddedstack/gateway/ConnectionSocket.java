package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.gateway.Connection.End;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Assembles the frames of one connection to messages, within API Gateway's limits. */
final class ConnectionSocket implements FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSocket.class);

    private final Connection connection;
    private final ConnectionLifecycle lifecycle;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    ConnectionSocket(Connection connection, ConnectionLifecycle lifecycle) {
        this.connection = connection;
        this.lifecycle = lifecycle;
    }

    @Override
    public void onOpen(CoreSession session, Callback callback) {
        connection.opened(session);
        lifecycle.opened(connection);
        callback.succeeded();
        connection.readOn();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        try {
            switch (frame.getOpCode()) {
                case OpCode.TEXT, OpCode.CONTINUATION -> onText(frame);
                case OpCode.BINARY -> close(CloseStatus.BAD_DATA, "Binary frames are not supported");
                case OpCode.PING -> connection.pong(BufferUtil.copy(frame.getPayload()));
                default -> {} // A pong needs no answer, and a close frame is answered when the callback succeeds.
            }
        } catch (CharacterCodingException e) {
            close(CloseStatus.BAD_PAYLOAD, "Invalid UTF-8");
        }
        callback.succeeded();
        if (frame.getOpCode() != OpCode.CLOSE) {
            connection.readOn();
        }
    }

    private void onText(Frame frame) throws CharacterCodingException {
        if (connection.serverSideEnd() != null) {
            return;
        }
        if (frame.getPayloadLength() > Limits.FRAME_BYTES) {
            close(CloseStatus.MESSAGE_TOO_LARGE, "Frame over 32 KB");
            return;
        }
        if (message.size() + frame.getPayloadLength() > Limits.MESSAGE_BYTES) {
            close(CloseStatus.MESSAGE_TOO_LARGE, "Message over 128 KB");
            return;
        }
        message.writeBytes(BufferUtil.toArray(frame.getPayload()));
        if (frame.isFin()) {
            byte[] utf8 = message.toByteArray();
            message.reset();
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            lifecycle.received(connection, text, utf8.length);
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.debug("Connection {} broke", connection.id(), cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        End serverSide = connection.serverSideEnd();
        lifecycle.closed(connection, serverSide != null ? serverSide : clientSideEnd(status));
        callback.succeeded();
    }

    private void close(int statusCode, String reason) {
        lifecycle.close(connection, statusCode, reason);
    }

    /**
     * The reason is the client's own, empty if it gave none. AWS does not document the code for a connection without a
     * close frame; RFC 6455 defines 1006 for it.
     */
    private static End clientSideEnd(CloseStatus status) {
        if (status.getCode() == CloseStatus.NO_CODE) {
            return new End(CloseStatus.NO_CODE, "Client-side close frame status not set");
        }
        if (status.getCode() == CloseStatus.NO_CLOSE) {
            return new End(CloseStatus.NO_CLOSE, "");
        }
        return new End(status.getCode(), status.getReason() == null ? "" : status.getReason());
    }
}
