package io.github.visitorcounter.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The most likely error of a first deployment: the role does not allow the posts. No page shows a number, so the log
 * must state the cause.
 */
class DeniedPostsIT {

    private static final Path TEMPLATE = Path.of("../../examples-sam/template.yaml");
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void the_log_reports_forbidden_posts_and_the_remedy(@TempDir Path folder) throws Exception {
        String allowed = Files.readString(TEMPLATE);
        String denied = allowed.replace("execute-api:ManageConnections", "execute-api:Invoke");
        assertThat(denied).isNotEqualTo(allowed);
        Path template = Files.writeString(folder.resolve("template.yaml"), denied);
        CompletableFuture<String> warning = new CompletableFuture<>();
        CompletableFuture<String> broadcast = new CompletableFuture<>();

        try (EmbeddedStack stack = StackTemplate.read(template, Map.of())
                .describe()
                .logSink(line -> {
                    complete(warning, "Call to AWS failed", line);
                    complete(broadcast, "\"outcome\"", line);
                })
                .start()) {
            Visitor.connect(HttpClient.newHttpClient(), stack, 1);

            JsonNode why = json(warning);
            assertThat(why.get("level").textValue()).isEqualTo("WARN");
            assertThat(why.get("operation").textValue()).isEqualTo("PostToConnection");
            assertThat(why.get("status").intValue()).isEqualTo(403);
            assertThat(why.get("errorType").textValue()).isNotBlank();
            assertThat(why.get("errorMessage").textValue()).isNotBlank();
            assertThat(why.get("check").textValue())
                    .contains("execute-api:ManageConnections", "VISITOR_COUNTER_CALLBACK_URL");
            assertThat(why.get("AWSRequestId").textValue()).isNotBlank();
            JsonNode report = json(broadcast);
            assertThat(report.get("level").textValue()).isEqualTo("WARN");
            assertThat(report.get("outcome").textValue()).isEqualTo("UNDELIVERED");
            assertThat(report.get("failed").intValue()).isEqualTo(1);
        }
    }

    /** Lines of metrics are excluded: they have no level. */
    private static void complete(CompletableFuture<String> future, String part, String line) {
        if (line.contains(part) && line.contains("\"level\"")) {
            future.complete(line);
        }
    }

    /** The stack writes the function's name before what it logged. */
    private static JsonNode json(CompletableFuture<String> line) throws Exception {
        String logged = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new ObjectMapper().readTree(logged.substring(logged.indexOf('{')));
    }
}
