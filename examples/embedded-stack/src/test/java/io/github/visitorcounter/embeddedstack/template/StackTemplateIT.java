package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.SocketClient;
import io.github.visitorcounter.embeddedstack.lambda.TooManyRequestsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
    private static final List<String> LOG = new CopyOnWriteArrayList<>();

    private static EmbeddedStack stack;

    private final SocketClient client = new SocketClient();

    @BeforeAll
    static void start() throws Exception {
        stack = StackTemplate.read(CHAT, Map.of("StageName", "live"))
                .describe()
                .pollInterval(Duration.ofMillis(50))
                .logSink(LOG::add)
                .start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void what_the_template_says_runs() throws Exception {
        assertThat(stack.endpoints().websocket().getPath()).isEqualTo("/live");
        assertThat(stack.dynamoDb().listTables().tableNames()).containsExactly("Members", "local-sayings");

        WebSocket socket = connect();
        say(socket, "{\"action\":\"ping\"}");
        assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
        say(socket, HELLO);
        assertThat(client.next()).isEqualTo(HELLO);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);

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
    void a_reserved_concurrency_throttles() {
        assertThat(stack.invoke("Closed", "{}"))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(TooManyRequestsException.class);
        assertThat(stack.stats().invocations().get("Closed").throttles()).isEqualTo(1);
    }

    @Test
    void what_a_policy_does_not_allow_is_rejected_as_aws_rejects_it() throws Exception {
        WebSocket socket = connect();
        say(socket, HELLO.replace("say", "shout"));

        assertThat(client.next()).contains("Internal server error");
        assertThat(LOG).anySatisfy(line -> assertThat(line)
                .contains("DynamoDbException")
                .contains("assumed-role/Shout/Shout is not authorized to perform: dynamodb:PutItem on resource:"
                        + " arn:aws:dynamodb:us-east-1:000000000000:table/local-sayings"));
        assertThat(stack.accesses()).noneMatch(access -> access.function().equals("Shout"));
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    }

    private WebSocket connect() throws Exception {
        return SocketClient.open(stack.endpoints().websocket(), client);
    }

    private static void say(WebSocket socket, String message) throws Exception {
        socket.sendText(message, true).get(10, TimeUnit.SECONDS);
    }
}
