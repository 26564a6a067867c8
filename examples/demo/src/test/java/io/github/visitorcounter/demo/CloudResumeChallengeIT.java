package io.github.visitorcounter.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page of the Cloud Resume Challenge shows the number that was taken over, with the stack of examples-sam and the
 * steps of docs/from-the-cloud-resume-challenge.md.
 */
class CloudResumeChallengeIT {

    private static final String ORIGIN = "https://resume.example.com";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final HttpClient browser = HttpClient.newHttpClient();

    @Test
    void its_page_shows_the_number_that_was_taken_over() throws Exception {
        try (EmbeddedStack stack = template().describe().start();
                DynamoDbClient cli = StartValue.client(stack)) {
            ResumePage first = ResumePage.open(browser, stack);
            first.awaits(1);

            StartValue.command("site", 3_456, folder).run(cli);
            first.awaits(3_457);
            ResumePage second = ResumePage.open(browser, stack);

            second.awaits(3_458);
            first.awaits(3_458);
            first.reload(browser, stack);
            second.awaits(3_459);
        }
    }

    private static StackTemplate template() throws IOException {
        return StackTemplate.read(
                MarkdownPage.ROOT.resolve("examples-sam/template.yaml"),
                Map.of("Page", "None", "AllowedOrigins", ORIGIN, "MessageFormat", "count"));
    }

    /** The script of such a page: {@code socket.onmessage = event => show(JSON.parse(event.data).count)}. */
    private static final class ResumePage implements WebSocket.Listener {

        private static final ObjectMapper JSON = new ObjectMapper();

        private final StringBuilder partial = new StringBuilder();
        private WebSocket socket;
        private final List<Long> shown = new CopyOnWriteArrayList<>();

        static ResumePage open(HttpClient browser, EmbeddedStack stack) throws Exception {
            ResumePage page = new ResumePage();
            page.reload(browser, stack);
            return page;
        }

        void reload(HttpClient browser, EmbeddedStack stack) throws Exception {
            if (socket != null) {
                socket.sendClose(1001, "").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            socket = browser.newWebSocketBuilder()
                    .header("Origin", ORIGIN)
                    .buildAsync(stack.endpoints().websocket(), this)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                show(partial.toString());
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        private void show(String message) {
            try {
                JsonNode frame = JSON.readTree(message);
                assertThat(frame.size()).as(message).isEqualTo(1);
                shown.add(frame.get("count").longValue());
            } catch (IOException notACount) {
                throw new UncheckedIOException("Not a count: " + message, notACount);
            }
        }

        void awaits(long count) {
            Awaiting.until(PATIENCE, 20, () -> shown.contains(count), () -> "count " + count + "; shown: " + shown);
        }
    }
}
