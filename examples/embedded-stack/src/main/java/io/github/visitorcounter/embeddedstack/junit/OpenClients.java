package io.github.visitorcounter.embeddedstack.junit;

import io.github.visitorcounter.embeddedstack.client.WebSocketClient;

import java.util.ArrayList;
import java.util.List;

/** The connections of one test, which runs on one thread. */
final class OpenClients implements AutoCloseable {

    private final List<WebSocketClient> clients = new ArrayList<>();

    WebSocketClient add(WebSocketClient client) {
        clients.add(client);
        return client;
    }

    /** Closes all; a second call does nothing. */
    @Override
    public void close() {
        clients.forEach(WebSocketClient::close);
        clients.clear();
    }
}
