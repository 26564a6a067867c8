package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Checks whether the client of an unanswered HTTP/1.1 request is still connected; nothing else reads its socket
 * meanwhile.
 */
final class ClientPresence {

    private ClientPresence() {}

    static boolean hasLeft(Request request) {
        // A client sends nothing before it has received its response, so a read can only return the end of the stream.
        ByteBuffer nothing = BufferUtil.allocate(1);
        try {
            return request.getConnectionMetaData().getConnection().getEndPoint().fill(nothing) != 0;
        } catch (IOException e) {
            return true;
        }
    }
}
