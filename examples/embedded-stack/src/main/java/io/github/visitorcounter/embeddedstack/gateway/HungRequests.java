package io.github.visitorcounter.embeddedstack.gateway;

import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The requests that an injected fault leaves without an answer until their clients disconnect. Thread-safe. */
final class HungRequests {

    private final Map<Request, Callback> hung = new ConcurrentHashMap<>();

    void add(Request request, Callback callback) {
        hung.put(request, callback);
    }

    /** Releases requests whose clients have disconnected. */
    void releaseLeft() {
        hung.forEach((request, callback) -> {
            if (ClientPresence.hasLeft(request)) {
                release(request);
            }
        });
    }

    void releaseAll() {
        hung.keySet().forEach(this::release);
    }

    private void release(Request request) {
        Callback callback = hung.remove(request);
        if (callback != null) {
            request.getConnectionMetaData().getConnection().getEndPoint().close();
            callback.failed(new EofException("Hung by an injected fault"));
        }
    }
}
