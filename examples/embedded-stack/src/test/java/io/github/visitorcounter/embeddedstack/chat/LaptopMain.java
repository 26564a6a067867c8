package io.github.visitorcounter.embeddedstack.chat;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.SocketClient;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the chat of the template in a JVM of its own: functions, table, stream and posts. */
public final class LaptopMain {

    private LaptopMain() {}

    public static void main(String[] arguments) throws Exception {
        try (EmbeddedStack stack = StackTemplate.read(
                        Path.of("src/test/resources/templates/chat.yaml"), Map.of("StageName", "live"))
                .describe()
                .start()) {
            SocketClient client = new SocketClient();
            // The client is the test's own, which must find its way around the proxy itself.
            WebSocket socket = HttpClient.newBuilder()
                    .proxy(new NoProxy())
                    .build()
                    .newWebSocketBuilder()
                    .buildAsync(stack.endpoints().websocket(), client)
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("{\"action\":\"say\",\"text\":\"hello\"}", true).get(10, TimeUnit.SECONDS);
            String answer = null;
            for (int i = 0; answer == null && i < 4; i++) {
                answer = client.next(); // Waits 20 seconds; this JVM shares a small machine with others.
            }
            if (!"{\"action\":\"say\",\"text\":\"hello\"}".equals(answer)) {
                throw new IllegalStateException("The chat answered " + answer);
            }
            if (stack.dynamoDb().scan(request -> request.tableName("Members")).count() != 1) {
                throw new IllegalStateException("The stack's own client does not see the member");
            }
        }
        System.exit(0); // Jobs of DynamoDB Local would keep the JVM for ten seconds.
    }

    private static final class NoProxy extends ProxySelector {

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }
}
