package io.github.visitorcounter.localstack.template;

import io.github.visitorcounter.localstack.LocalStack;
import io.github.visitorcounter.localstack.SocketClient;
import org.junit.jupiter.api.Test;

import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** A chat that is nothing but its template and its handlers. */
class StackTemplateIT {

    private static final Path CHAT = Path.of("src/test/resources/templates/chat.yaml");
    private static final String HELLO = "{\"action\":\"say\",\"text\":\"hello\"}";

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void what_the_template_says_runs() throws Exception {
        StackTemplate template = StackTemplate.read(CHAT, Map.of("StageName", "live"));
        try (LocalStack stack = start(template)) {
            assertThat(stack.endpoints().websocket().getPath()).isEqualTo("/live");
            SocketClient client = new SocketClient();
            WebSocket socket = SocketClient.open(stack.endpoints().websocket(), client);

            socket.sendText("{\"action\":\"ping\"}", true).get(10, TimeUnit.SECONDS);
            assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
            socket.sendText(HELLO, true).get(10, TimeUnit.SECONDS);
            assertThat(client.next()).isEqualTo(HELLO);

            assertThat(stack.dynamoDb().listTables().tableNames()).containsExactly("Members", "local-sayings");
            assertThat(stack.accesses())
                    .extracting(Object::toString)
                    .containsExactly(
                            "Join: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:000000000000:table/Members",
                            "Say: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:000000000000:table/local-sayings",
                            "Tell: dynamodb:Scan on arn:aws:dynamodb:us-east-1:000000000000:table/Members",
                            "Tell: execute-api:ManageConnections on"
                                    + " arn:aws:execute-api:us-east-1:000000000000:localapi01/live/POST/@connections/*");
        }
    }

    @Test
    void what_a_policy_does_not_allow_is_refused_as_aws_refuses_it() throws Exception {
        StackTemplate template = StackTemplate.read(CHAT, Map.of("Telling", "no"));
        try (LocalStack stack = start(template)) {
            SocketClient client = new SocketClient();
            WebSocket socket = SocketClient.open(stack.endpoints().websocket(), client);

            socket.sendText(HELLO, true).get(10, TimeUnit.SECONDS);

            assertThat(client.next()).contains("Internal server error");
            assertThat(log).anySatisfy(line -> assertThat(line)
                    .contains("assumed-role/Say/Say is not authorized to perform: dynamodb:PutItem on resource:"
                            + " arn:aws:dynamodb:us-east-1:000000000000:table/local-sayings"));
            assertThat(stack.accesses()).noneMatch(access -> access.function().equals("Say"));
        }
    }

    private LocalStack start(StackTemplate template) {
        return template.describe()
                .pollInterval(Duration.ofMillis(50))
                .logSink(log::add)
                .start();
    }
}
