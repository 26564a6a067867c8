package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import io.github.visitorcounter.embeddedstack.junit.EmbeddedStackExtension;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A chat that consists of its template and its handlers only. */
class StackTemplateIT {

    private static final Path CHAT = Path.of("src/test/resources/templates/chat.yaml");
    private static final String HELLO = "{\"action\":\"say\",\"text\":\"hello\"}";

    @RegisterExtension
    static final EmbeddedStackExtension STACK = EmbeddedStackExtension.of(StackTemplateIT::chat);

    private static EmbeddedStack.Builder chat() {
        try {
            return StackTemplate.read(CHAT, Map.of("StageName", "live"))
                    .describe()
                    .pollInterval(Duration.ofMillis(50));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_template_runs(EmbeddedStack stack, WebSocketClient client) {
        assertThat(stack.endpoints().websocket().getPath()).isEqualTo("/live");
        assertThat(stack.dynamoDb().listTables().tableNames()).containsExactly("Members", "local-sayings");

        client.send("{\"action\":\"ping\"}");
        assertThat(client.awaitMessage()).isEqualTo("{\"type\":\"pong\"}");
        client.send(HELLO);
        assertThat(client.awaitMessage()).isEqualTo(HELLO);

        assertThat(stack.accesses())
                .extracting(Object::toString)
                .contains(
                        "Join: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:000000000000:table/Members",
                        "Say: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:000000000000:table/local-sayings",
                        "Tell: dynamodb:Scan on arn:aws:dynamodb:us-east-1:000000000000:table/Members",
                        "Tell: execute-api:ManageConnections on"
                                + " arn:aws:execute-api:us-east-1:000000000000:localapi01/live/POST/@connections/*");
    }

    @Test
    void a_reserved_concurrency_throttles(EmbeddedStack stack) {
        assertThat(stack.invoke("Closed", "{}"))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(TooManyRequestsException.class);
        assertThat(stack.stats().invocations().get("Closed").throttles()).isEqualTo(1);
    }

    @Test
    void actions_outside_the_policy_are_rejected_as_on_aws(EmbeddedStack stack, WebSocketClient client) {
        client.send(HELLO.replace("say", "shout"));

        assertThat(client.awaitMessage()).contains("Internal server error");
        assertThat(stack.invoke("Shout", event()))
                .succeedsWithin(Duration.ofSeconds(30))
                .satisfies(result -> assertThat(result.payload())
                        .contains("DynamoDbException")
                        .contains("assumed-role/Shout/Shout is not authorized to perform: dynamodb:PutItem on resource:"
                                + " arn:aws:dynamodb:us-east-1:000000000000:table/local-sayings"));
        assertThat(stack.accesses()).noneMatch(access -> access.function().equals("Shout"));
    }

    private static String event() {
        return "{\"body\":\"x\",\"requestContext\":{\"messageId\":\"1\"}}";
    }
}
