package io.github.visitorcounter.demo;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.demo.CounterStack.DisconnectTrigger;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Client messages, over a socket and the route responses of the stack. */
class MessageIT {

    private static final String COUNT_OF_ONE =
            "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":1,\"total\":1,";

    @Test
    void messages_are_answered_up_to_the_rate_limit() throws Exception {
        try (EmbeddedStack stack = CounterStack.describe(
                        DisconnectTrigger.BY_STREAM, Map.of(Setting.CLIENT_MESSAGES_PER_MINUTE.variable(), "3"))
                .start()) {
            Page page = new Page();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(stack.endpoints().websocket(), page)
                    .get(60, TimeUnit.SECONDS);
            assertThat(page.next()).startsWith(COUNT_OF_ONE);

            assertThat(page.asks(socket, "{\"action\":\"count\"}")).startsWith(COUNT_OF_ONE);
            assertThat(page.asks(socket, "{\"action\":\"ping\"}")).isEqualTo("{\"type\":\"pong\"}");
            assertThat(page.asks(socket, "{\"action\":\"secret\"}"))
                    .contains("\"type\":\"error\"", "\"allowed\":[\"count\",\"ping\"]")
                    .doesNotContain("secret");
            assertThat(page.asks(socket, "not even JSON")).contains("\"allowed\"");
            assertThat(page.asks(socket, "{\"action\":\"count\"}")).contains("More than 3 messages in a minute");
            socket.sendText("{\"action\":\"count\"}", true).join();
            Awaiting.until(
                    Duration.ofSeconds(60),
                    10,
                    () -> stack.stats().invocations().get(CounterStack.MESSAGE).count() == 5,
                    () -> "the fifth message's invocation");
            // The next frame is this one's answer. API Gateway answers pings, which have no limit.
            assertThat(page.asks(socket, "{\"action\":\"ping\"}")).isEqualTo("{\"type\":\"pong\"}");

            assertThat(stack.stats().invocations().get(CounterStack.MESSAGE).errors())
                    .isZero();
        }
    }

    private static final class Page implements WebSocket.Listener {

        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            received.add(data.toString());
            webSocket.request(1);
            return null;
        }

        String asks(WebSocket socket, String message) throws InterruptedException {
            socket.sendText(message, true).join();
            return next();
        }

        String next() throws InterruptedException {
            return received.poll(60, TimeUnit.SECONDS);
        }
    }
}
